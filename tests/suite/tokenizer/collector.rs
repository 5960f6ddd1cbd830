//! Tokens as the html5lib tests write them.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    CharacterTokens, CommentToken, Doctype, DoctypeToken, EOFToken, EndTag, NullCharacterToken,
    ParseError, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult,
};
use klartext::parse::html::tokenizer::{
    Doctype as OurDoctype, StartTag as OurStartTag, State, TokenSink as OurTokenSink,
};
use klartext::parse::tree::{Attribute, Names, Tag as OurTag};
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

    fn start_tag(&self, name: &str, attributes: &Map<String, Value>, is_self_closing: bool) {
        let mut token = json!(["StartTag", name, attributes]);
        if is_self_closing {
            token.as_array_mut().unwrap().push(Value::Bool(true));
        }
        self.tokens.borrow_mut().push(token);
    }

    fn end_tag(&self, name: &str) {
        self.tokens.borrow_mut().push(json!(["EndTag", name]));
    }

    fn comment(&self, text: &str) {
        self.tokens.borrow_mut().push(json!(["Comment", text]));
    }

    fn doctype(&self, names: [Option<&str>; 3], is_broken: bool) {
        let [name, public, system] = names;
        self.tokens.borrow_mut().push(json!(["DOCTYPE", name, public, system, !is_broken]));
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

/// Takes html5ever's tokens.
impl TokenSink for Collector {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            CharacterTokens(text) => self.characters(&text),
            NullCharacterToken => self.characters("\0"),
            CommentToken(text) => self.comment(&text),
            DoctypeToken(Doctype { name, public_id, system_id, force_quirks }) => {
                let names = [&name, &public_id, &system_id].map(|name| name.as_deref());
                self.doctype(names, force_quirks);
            }
            TagToken(tag) if tag.kind == StartTag => {
                let attributes = tag.attrs.iter();
                let attributes = attributes.map(|a| (a.name.local.to_string(), json!(&*a.value)));
                self.start_tag(&tag.name, &attributes.collect(), tag.self_closing);
                if self.follows_tags {
                    return raw_kind(&tag.name);
                }
            }
            TagToken(Tag { kind, name, .. }) => {
                assert_eq!(kind, EndTag);
                self.end_tag(&name);
            }
            EOFToken | ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

/// Takes our tokens.
#[derive(Default)]
pub(super) struct OurCollector<'p> {
    pub(super) collector: Collector,
    names: Names<'p>,
}

impl OurCollector<'_> {
    pub(super) fn new(collector: Collector) -> Self {
        Self { collector, names: Names::default() }
    }
}

impl<'p> OurTokenSink<'p> for OurCollector<'p> {
    fn names(&mut self) -> &mut Names<'p> {
        &mut self.names
    }

    fn start_tag(&mut self, start: OurStartTag, attributes: &mut Vec<Attribute<'p>>) -> State {
        let name = self.names.text_of_tag(start.tag);
        let attributes = attributes.iter().map(|own| {
            (self.names.text_of_attr(own.name).to_owned(), Value::String(own.value.to_string()))
        });
        self.collector.start_tag(name, &attributes.collect(), start.is_self_closing);
        if !self.collector.follows_tags {
            return State::Data;
        }
        match raw_kind(name) {
            TokenSinkResult::Plaintext => State::Plaintext,
            TokenSinkResult::RawData(RawKind::Rcdata) => State::Rcdata,
            TokenSinkResult::RawData(RawKind::Rawtext) => State::Rawtext,
            TokenSinkResult::RawData(_) => State::ScriptData,
            _ => State::Data,
        }
    }

    fn end_tag(&mut self, tag: OurTag) {
        self.collector.end_tag(self.names.text_of_tag(tag));
    }

    fn text(&mut self, text: Cow<'p, str>) {
        self.collector.characters(&text);
    }

    fn nul(&mut self) {
        self.collector.characters("\0");
    }

    fn comment(&mut self, text: Cow<'p, str>) {
        self.collector.comment(&text);
    }

    fn doctype(&mut self, doctype: OurDoctype<'p>) {
        let OurDoctype { name, public_id, system_id, is_broken } = &doctype;
        let names = [name, public_id, system_id].map(|name| name.as_deref());
        self.collector.doctype(names, *is_broken);
    }

    fn end(&mut self) {}

    fn is_in_foreign_content(&self) -> bool {
        false
    }

    fn wants_more(&mut self, _offset: usize) -> bool {
        true
    }
}
