//! Whether a page is an article at all. Only a page with little text can be none; when undecidable, it is one.

use super::body::Body;
use crate::model::{
    BlockKind, Boilerplate, DocumentSource, Label, LabelledBlock, LabelledDocument, Rejection,
    TextBlock,
};
use crate::rules::Rules;
use crate::rules::markers::Mode;
use crate::text::Skeleton;

/// Characters of text above which a page is an article whatever its words: error pages and walls say little
/// (`boilerplate` counts: none of the sample had more).
const MAX_CHARS: usize = 600;

/// With less text than this, a phrase inside a sentence decides too; and a banner outweighs it.
const FEW_CHARS: usize = 300;

/// An error page says at its top what it is.
const N_TOP_BLOCKS: usize = 4;

/// Under a headline, so much text that does not ask for consent is a report, characters.
const MIN_REPORT_CHARS: usize = 80;

/// So many links and no text: a list of articles.
const MIN_LINK_BLOCKS: usize = 10;

/// Words of consent banners in a block that asks for consent: alone, and beside a block that certainly does.
const MIN_CONSENT_WORDS: u32 = 2;
const MIN_CONSENT_WORDS_IN_COMPANY: u32 = 1;

/// Words of the shortest running text, and the link density above which it is a list of links.
const MIN_PROSE_WORDS: u32 = 10;
const MAX_PROSE_LINK_DENSITY: f32 = 0.5;

/// Longest title or line that says what a page is, bytes. An error page, a check for robots say little.
const MAX_SAYING_BYTES: usize = 1000;

/// What stands between the parts of a page title.
const TITLE_SEPARATORS: [&str; 6] = [" | ", " - ", " – ", " — ", " · ", ": "];

/// Says why a page is no article, if it is none.
pub(super) fn check(
    document: &LabelledDocument,
    body: &Body,
    rules: &Rules,
) -> Result<(), Rejection> {
    let n_chars = body.counts.chars;
    if n_chars > MAX_CHARS {
        return Ok(());
    }
    let has_few = n_chars <= FEW_CHARS;
    if says(document, rules, Boilerplate::Captcha, has_few) {
        return Err(Rejection::Captcha);
    }
    if says(document, rules, Boilerplate::ErrorPage, has_few) {
        return Err(Rejection::ErrorPage);
    }
    if has_few && is_mostly_consent(document, rules) {
        return Err(Rejection::ConsentWall);
    }
    let is_paid = document.claims.free_access.iter().any(|claim| !claim.value);
    let n_paywall_chars = chars_of(document, Boilerplate::Paywall);
    if has_few && is_paid && n_paywall_chars > n_chars {
        return Err(Rejection::PaywallStub);
    }
    if !body.blocks.is_empty() {
        return Ok(());
    }
    Err(if n_paywall_chars > 0 {
        Rejection::PaywallStub
    } else if document.source == DocumentSource::Html && n_link_blocks(document) >= MIN_LINK_BLOCKS
    {
        Rejection::NotAnArticle
    } else {
        Rejection::Empty
    })
}

/// Whether the page says that it is such a page: in its title, or in a line at its top. A phrase inside a line counts
/// only when there is hardly any text, for articles are written about error pages too.
fn says(
    document: &LabelledDocument,
    rules: &Rules,
    class: Boilerplate,
    inside_counts: bool,
) -> bool {
    let is_short = |text: &str| text.len() <= MAX_SAYING_BYTES;
    let mut skeleton = Skeleton::default();
    let mut says = |text: &str, inside_counts: bool| {
        let hits = rules.markers.matcher.read(text, &mut skeleton).hits;
        hits.iter().any(|hit| hit.class == class && (hit.mode == Mode::Line || inside_counts))
    };
    let titles = document.claims.titles.iter().filter(|title| is_short(&title.value));
    let mut parts = titles.flat_map(|title| parts(&title.value));
    if parts.any(|part| says(part, false)) {
        return true;
    }
    let is_heading = |block: &LabelledBlock| matches!(block.block.kind, BlockKind::Heading(1 | 2));
    let is_furniture = |block: &LabelledBlock| {
        matches!(block.verdict.label, Label::Boilerplate(Boilerplate::Nav | Boilerplate::LinkList))
    };
    let content = || document.blocks.iter().filter(|block| !is_furniture(block));
    let top = content().take(N_TOP_BLOCKS);
    let headings = content().filter(|block| is_heading(block)).take(1);
    let mut lines = top.chain(headings);
    lines.any(|block| is_short(&block.block.text) && says(&block.block.text, inside_counts))
}

/// Whether more of the page asks for consent than says anything else. Running text that was cut speaks against it too:
/// where a page has an article that was not found, the banner is not the page.
fn is_mostly_consent(document: &LabelledDocument, rules: &Rules) -> bool {
    let mut skeleton = Skeleton::default();
    let has_company = chars_of(document, Boilerplate::Consent) > 0;
    let wanted = if has_company { MIN_CONSENT_WORDS_IN_COMPANY } else { MIN_CONSENT_WORDS };
    let (mut n_consent, mut n_other) = (0, 0);
    for LabelledBlock { block, verdict, .. } in &document.blocks {
        let n_chars = block.text.chars().count();
        let is_banner = verdict.label == Label::Boilerplate(Boilerplate::Consent);
        let asks = is_banner
            || (verdict.label.is_text()
                && rules.markers.matcher.read(&block.text, &mut skeleton).n_consent_words
                    >= wanted);
        if asks {
            n_consent += n_chars;
        } else if verdict.label.is_text() || is_running_text(block) {
            n_other += n_chars;
        }
    }
    let has_headline = document.blocks.iter().any(|b| b.verdict.label == Label::Headline);
    // A banner may be longer than a short report; a headline with text below is no wall.
    n_consent > n_other && !(has_headline && n_other >= MIN_REPORT_CHARS)
}

fn is_running_text(block: &TextBlock) -> bool {
    block.n_words >= MIN_PROSE_WORDS && block.link_density() < MAX_PROSE_LINK_DENSITY
}

/// The title whole, and what stands between its separators.
fn parts(title: &str) -> impl Iterator<Item = &str> {
    let split = TITLE_SEPARATORS.iter().flat_map(move |separator| title.split(separator));
    std::iter::once(title).chain(split).map(str::trim)
}

fn chars_of(document: &LabelledDocument, class: Boilerplate) -> usize {
    let of_class = document.blocks.iter().filter(|b| b.verdict.label == Label::Boilerplate(class));
    of_class.map(|block| block.block.text.chars().count()).sum()
}

fn n_link_blocks(document: &LabelledDocument) -> usize {
    document.blocks.iter().filter(|block| block.block.n_linked_words > 0).count()
}
