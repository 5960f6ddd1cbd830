//! Tokens as the html5lib tests write them.

use std::cell::RefCell;

use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    CharacterTokens, CommentToken, Doctype, DoctypeToken, EOFToken, EndTag, NullCharacterToken,
    ParseError, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult,
};
use serde_json::{Map, Value, json};

/// Collects tokens as the html5lib tests write them: neighbouring characters are one token.
#[derive(Default)]
pub(super) struct Collector {
    pub(super) tokens: RefCell<Vec<Value>>,
    /// Whether raw text follows the tags that ask for it, as the tree builder would say.
    pub(super) follows_tags: bool,
}

impl Collector {
    fn characters(&self, text: &str) {
        let mut tokens = self.tokens.borrow_mut();
        match tokens.last_mut() {
            Some(Value::Array(last)) if last[0] == "Character" => {
                let joined = format!("{}{text}", last[1].as_str().unwrap());
                last[1] = Value::String(joined);
            }
            _ => tokens.push(json!(["Character", text])),
        }
    }

    fn start_tag(&self, tag: &Tag) -> TokenSinkResult<()> {
        let attributes = tag.attrs.iter();
        let attributes: Map<String, Value> =
            attributes.map(|a| (a.name.local.to_string(), json!(&*a.value))).collect();
        let mut token = json!(["StartTag", &*tag.name, attributes]);
        if tag.self_closing {
            token.as_array_mut().unwrap().push(Value::Bool(true));
        }
        self.tokens.borrow_mut().push(token);
        if self.follows_tags { raw_kind(&tag.name) } else { TokenSinkResult::Continue }
    }
}

fn raw_kind(name: &str) -> TokenSinkResult<()> {
    match name {
        "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
        "style" | "iframe" | "xmp" | "noembed" | "noframes" => {
            TokenSinkResult::RawData(RawKind::Rawtext)
        }
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "plaintext" => TokenSinkResult::Plaintext,
        _ => TokenSinkResult::Continue,
    }
}

fn doctype(doctype: &Doctype) -> Value {
    let Doctype { name, public_id, system_id, force_quirks } = doctype;
    let names = [name, public_id, system_id].map(|name| name.as_deref());
    json!(["DOCTYPE", names[0], names[1], names[2], !force_quirks])
}

impl TokenSink for Collector {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            CharacterTokens(text) => self.characters(&text),
            NullCharacterToken => self.characters("\0"),
            CommentToken(text) => self.tokens.borrow_mut().push(json!(["Comment", &*text])),
            DoctypeToken(read) => self.tokens.borrow_mut().push(doctype(&read)),
            TagToken(tag) if tag.kind == StartTag => return self.start_tag(&tag),
            TagToken(tag) => {
                assert_eq!(tag.kind, EndTag);
                self.tokens.borrow_mut().push(json!(["EndTag", &*tag.name]));
            }
            EOFToken | ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}
