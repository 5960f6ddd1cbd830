//! A page as a list of text blocks: facts first, verdicts after.

use super::{Boilerplate, Claims, Label, Regions, SiteMark, SiteRulesUse, Verdict};

/// A page as a list of blocks in document order, and what it claims about itself. Facts only.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// What the page was made of.
    pub source: DocumentSource,
    /// Every block of text, in document order.
    pub blocks: Vec<TextBlock>,
    /// The elements around the blocks (HTML; empty for a dump).
    pub regions: Regions,
    /// What the page says of itself, unjudged.
    pub claims: Claims,
    /// How the rules of the page's site fared.
    pub site_rules: SiteRulesUse,
}

/// What a document was parsed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DocumentSource {
    /// HTML: tags, links and class names are known.
    #[default]
    Html,
    /// A text dump: only lines are known.
    Text,
}

/// Text that no block-level element (HTML) or line end (dump) interrupts. Normalised, never empty.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
pub struct TextBlock {
    /// The text: NFC, single blanks, no invisible characters.
    pub text: String,
    /// What kind of block the page made it.
    pub kind: BlockKind,
    /// The landmark region it stands in.
    pub landmark: Landmark,
    /// The innermost element that holds all of it: index into [`Document::regions`] (HTML; 0 in a dump).
    pub region_idx: u32,
    /// Words in the text (Unicode words).
    pub n_words: u32,
    /// Words inside links.
    pub n_linked_words: u32,
    /// Words inside buttons.
    pub n_button_words: u32,
    /// Whether the block stands in a figure.
    pub in_figure: bool,
    /// Whether a picture stands between it and the text before it.
    pub is_behind_picture: bool,
    /// Whether the page hides it (`hidden`, `display:none`, `aria-hidden`, screen-reader-only).
    pub is_hidden: bool,
    /// Line of the source it began in, counted from 1 (dumps only).
    pub source_line: Option<u32>,
    /// Whether the block was split off the block before it (a glued label): no line end stood between them.
    pub was_glued: bool,
    /// Number of empty lines before it (dumps only).
    pub blank_lines_before: u32,
    /// What a rule of the page's site says of it.
    pub site_mark: Option<SiteMark>,
}

impl TextBlock {
    /// Linked words ÷ words, from 0.0 to 1.0 (Kohlschütter et al., "Boilerplate Detection using Shallow Text
    /// Features", WSDM 2010).
    #[must_use]
    pub fn link_density(&self) -> f32 {
        if self.n_words == 0 {
            return if self.n_linked_words > 0 { 1.0 } else { 0.0 };
        }
        // Word counts of one block are far below 2^24, where f32 stops being exact.
        #[expect(clippy::cast_precision_loss, reason = "see above")]
        let density = self.n_linked_words as f32 / self.n_words as f32;
        density.min(1.0)
    }
}

/// The kind of a block, as the page's markup (or the dump's layout) says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum BlockKind {
    /// `h1`…`h6`, with the level.
    Heading(u8),
    /// Running text.
    #[default]
    Paragraph,
    /// An item of a list.
    ListItem,
    /// `blockquote` and the like.
    Quote,
    /// `figcaption` and the like.
    Caption,
    /// One row of a table, cells joined by a tab.
    TableRow,
    /// `pre`: line ends count.
    Preformatted,
}

/// The region of a page, after the ARIA landmark roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Landmark {
    /// `main`, `role=main`.
    Main,
    /// `article`, `role=article`.
    Article,
    /// `nav`, `role=navigation`, menus.
    Navigation,
    /// `header`, `role=banner`, outside an article.
    Header,
    /// `footer`, `role=contentinfo`.
    Footer,
    /// `aside`, `role=complementary`.
    Aside,
    /// `form`, `button`, `fieldset`, `role=dialog|search`.
    Form,
    /// None of these, or a text dump.
    #[default]
    Elsewhere,
}

/// A document whose every block has a verdict.
#[derive(Debug, Clone, Default)]
pub struct LabelledDocument {
    /// What the page was made of.
    pub source: DocumentSource,
    /// Every block with its verdict, in document order.
    pub blocks: Vec<LabelledBlock>,
    /// The elements around the blocks (HTML; empty for a dump).
    pub regions: Regions,
    /// What the page says of itself, unjudged.
    pub claims: Claims,
    /// How the rules of the page's site fared.
    pub site_rules: SiteRulesUse,
}

impl LabelledDocument {
    /// Every removed block and its class, in page order.
    pub fn removed(&self) -> impl Iterator<Item = (&LabelledBlock, Boilerplate)> {
        self.blocks.iter().filter_map(|labelled| match labelled.verdict.label {
            Label::Boilerplate(class) => Some((labelled, class)),
            _ => None,
        })
    }
}

/// A block and what it was judged to be.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelledBlock {
    /// The facts.
    pub block: TextBlock,
    /// The judgement, and who made it.
    pub verdict: Verdict,
    /// What a learned judge decided by, where one did: [`crate::label::reasons`] tells what weighed most.
    pub evidence: Option<Evidence>,
}

/// The facts that a learned judge weighed.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Their names.
    pub names: &'static [&'static str],
    /// Their values, in the order of the names.
    pub values: Box<[f32]>,
}
