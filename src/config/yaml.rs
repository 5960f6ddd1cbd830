//! YAML text → tree. What the parser accepts and a configuration must not have (keys set twice, several documents,
//! tags, deep nesting) is said here.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::error::{Fault, Subject};
use super::tree::{Data, Entry, Node, Place, Scalar, Style};

/// Deepest nesting; the configuration itself needs five levels.
const MAX_DEPTH: usize = 64;

/// Most values, those that aliases repeat included.
const MAX_NODES: usize = 100_000;

/// Reads a text. `None` is a text without any value; the faults are all that could be found.
pub(super) fn parse(source: usize, text: &str, subject: Subject) -> (Option<Node>, Vec<Fault>) {
    let mut builder = Builder::new(source, text, subject);
    for event in Parser::new_from_str(text) {
        let more = match event {
            Ok((event, span)) => builder.take(event, span),
            Err(error) => {
                builder.refuse_syntax(&error);
                false
            }
        };
        if !more {
            break;
        }
    }
    (builder.root, builder.faults)
}

/// A collection that is not closed yet.
enum Open {
    Sequence { items: Vec<Node>, place: Place, anchor: usize },
    Mapping { entries: Vec<Entry>, key: Option<(String, Place)>, place: Place, anchor: usize },
}

struct Builder<'t> {
    subject: Subject,
    source: usize,
    text: &'t str,
    /// Byte offset of each character; the parser counts characters.
    offsets: Vec<usize>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    n_nodes: usize,
    n_documents: usize,
    root: Option<Node>,
    faults: Vec<Fault>,
}

impl<'t> Builder<'t> {
    fn new(source: usize, text: &'t str, subject: Subject) -> Self {
        Self {
            subject,
            source,
            text,
            offsets: text.char_indices().map(|(offset, _)| offset).collect(),
            open: Vec::new(),
            anchors: HashMap::new(),
            n_nodes: 0,
            n_documents: 0,
            root: None,
            faults: Vec::new(),
        }
    }

    fn offset(&self, char_idx: usize) -> usize {
        self.offsets.get(char_idx).copied().unwrap_or(self.text.len())
    }

    fn place(&self, span: Span) -> Place {
        let (start, end) = (self.offset(span.start.index()), self.offset(span.end.index()));
        // Spans of some scalars reach over the blanks and line ends behind them.
        let written = self.text.get(start..end).map_or(0, |text| text.trim_end().len());
        Place { source: self.source, start, end: start + written }
    }

    /// Takes one event; false ends the reading.
    fn take(&mut self, event: Event<'_>, span: Span) -> bool {
        let place = self.place(span);
        match event {
            Event::DocumentStart(_) => return self.start_document(place),
            Event::Scalar(text, style, anchor, tag) => {
                if let Some(tag) = tag {
                    self.fault(
                        place,
                        format!("the YAML tag `{tag}` means nothing here"),
                        "remove the tag",
                    );
                }
                let style = if style == ScalarStyle::Plain { Style::Plain } else { Style::Quoted };
                let scalar = Scalar { text: text.into_owned(), style };
                return self.finish(Node { data: Data::Scalar(scalar), place }, anchor);
            }
            Event::SequenceStart(anchor, _) => {
                self.open.push(Open::Sequence { items: Vec::new(), place, anchor });
            }
            Event::MappingStart(anchor, _) => {
                self.open.push(Open::Mapping { entries: Vec::new(), key: None, place, anchor });
            }
            Event::SequenceEnd | Event::MappingEnd => return self.close(),
            Event::Alias(anchor) => {
                return self.repeat(anchor, place);
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        if self.open.len() > MAX_DEPTH {
            self.fault(
                place,
                format!("nested more than {MAX_DEPTH} levels deep"),
                "no file needs more than seven",
            );
            return false;
        }
        true
    }

    fn start_document(&mut self, place: Place) -> bool {
        self.n_documents += 1;
        if self.n_documents == 1 {
            return true;
        }
        let help = match self.subject {
            Subject::Configuration => {
                "a configuration is one document; remove the `---`, or put the second part into its own file and give both: `--config a.yaml --config b.yaml`"
            }
            Subject::Rules => {
                "a rule file is one document; remove the `---`, or put the second part into a file of its own"
            }
        };
        self.fault(place, "a second YAML document begins here".to_owned(), help);
        false
    }

    fn close(&mut self) -> bool {
        match self.open.pop() {
            Some(Open::Sequence { items, place, anchor }) => {
                self.finish(Node { data: Data::Sequence(items), place }, anchor)
            }
            Some(Open::Mapping { entries, place, anchor, .. }) => {
                self.finish(Node { data: Data::Mapping(entries), place }, anchor)
            }
            None => true,
        }
    }

    /// Puts a copy of an anchored value where an alias stands.
    fn repeat(&mut self, anchor: usize, place: Place) -> bool {
        let Some(node) = self.anchors.get(&anchor) else {
            self.fault(
                place,
                "this alias stands inside the value it repeats".to_owned(),
                "write the value out",
            );
            return false;
        };
        self.n_nodes += count(node);
        if self.n_nodes > MAX_NODES {
            self.fault(
                place,
                format!("more than {MAX_NODES} values"),
                "aliases repeat aliases here; write the values out",
            );
            return false;
        }
        let node = Node { place, ..node.clone() };
        self.finish(node, 0)
    }

    /// Puts a finished value where it belongs.
    fn finish(&mut self, node: Node, anchor: usize) -> bool {
        self.n_nodes += 1;
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::Sequence { items, .. }) => items.push(node),
            Some(Open::Mapping { entries, key, .. }) => match (key.take(), node) {
                (Some((name, key_place)), value) => {
                    let earlier = entries.iter().position(|entry| entry.key == name);
                    let first = earlier.map(|index| entries.remove(index).key_place);
                    entries.push(Entry { key: name.clone(), key_place, value });
                    if let Some(first) = first {
                        self.refuse_duplicate(&name, key_place, first);
                    }
                }
                (None, Node { data: Data::Scalar(scalar), place }) => {
                    *key = Some((scalar.text, place));
                }
                (None, Node { place, .. }) => {
                    *key = Some((String::new(), place));
                    self.fault(
                        place,
                        "a key must be a word".to_owned(),
                        "write `key: value`; a text that begins with `[` or `{` needs quotes",
                    );
                }
            },
        }
        true
    }

    fn refuse_duplicate(&mut self, key: &str, again: Place, first: Place) {
        let line = line_of(self.text, first.start);
        self.fault(
            again,
            format!("the key `{key}` is set twice"),
            &format!("it is already set on line {line}; keep one of them"),
        );
    }

    fn refuse_syntax(&mut self, error: &saphyr_parser::ScanError) {
        let start = self.offset(error.marker().index());
        let line_start =
            self.text.get(..start).and_then(|head| head.rfind('\n')).map_or(0, |at| at + 1);
        let line =
            self.text.get(line_start..).and_then(|tail| tail.lines().next()).unwrap_or_default();
        let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
        let help = if indent.contains('\t') {
            "YAML indents with blanks, never with tabs".to_owned()
        } else if line.contains('\t') {
            "there is a tab in this line; YAML wants blanks".to_owned()
        } else {
            "look at the indentation, the quotes and the brackets here and in the line above; a text with `: `, ` #` or a special first character needs quotes".to_owned()
        };
        let place = Place { source: self.source, start, end: start };
        self.fault(place, format!("this is not YAML: {}", error.info()), &help);
    }

    fn fault(&mut self, place: Place, message: String, help: &str) {
        self.faults.push(Fault::new(message).at(place).help(help));
    }
}

/// Line of a byte offset, counted from 1.
fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// Values of a tree. The recursion is bounded: a tree comes here only while its values are under [`MAX_NODES`] in
/// sum over all aliases, which a chain of aliases exceeds at a depth of a few hundred.
fn count(node: &Node) -> usize {
    match &node.data {
        Data::Scalar(_) => 1,
        Data::Sequence(items) => 1 + items.iter().map(count).sum::<usize>(),
        Data::Mapping(entries) => {
            1 + entries.iter().map(|entry| count(&entry.value)).sum::<usize>()
        }
    }
}
