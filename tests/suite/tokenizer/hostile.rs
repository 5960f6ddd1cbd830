//! Input made to be expensive, and what is left out on purpose.

use std::time::Instant;

use klartext::parse::ParseError;
use klartext::parse::html::tokenizer::Keep;
use klartext::parse::html::tree_builder::{Budget, parse_document};
use klartext::parse::tree::{Attr, Element, Node};

/// Pieces that, repeated, make a tree builder walk long lists at every tag, or a tokenizer search in vain.
const PIECES: &[&str] = &[
    "<div>",
    "<ul><li>",
    "<span>",
    "<b><p>",
    "<table><a>",
    "<table><td>",
    "<svg>",
    "<svg><g a=\"",
    "<math><mi>",
    "<svg><foreignObject>",
    "<b><div></b>",
    "<p><i>x</p>",
    "<template>",
    "<select><option>",
    "<frameset>",
    "&",
    "&CounterClockwiseContourIntegra",
    "<",
    "<!--",
    "<!-- >",
    "<script><!--<script>",
    "<title></titl",
    "\0",
    "</p>",
    "<form>",
    "<a href=x>",
];

/// Seconds that a megabyte may take without optimisation on a busy machine; unbounded ones take minutes.
const MOST_SECONDS: f64 = 10.0;

#[test]
fn no_page_costs_more_than_its_bytes_allow() {
    for piece in PIECES {
        let html = piece.repeat(500_000 / piece.len());
        assert_bounded(&html, piece);
    }
    let numbered = |tag: &str| (0..50_000).map(|n| tag.replace('#', &n.to_string())).collect();
    for tag in ["<b id=#>", "<html a#>", "<p><font size=#>x", "<a #>", "a# "] {
        let html: String = numbered(tag);
        assert_bounded(&html, tag);
    }
}

fn assert_bounded(html: &str, name: &str) {
    for keep in [Keep::All, Keep::Read] {
        let began = Instant::now();
        let budget = Budget::of_page(html.len(), 512, 500_000);
        std::hint::black_box(parse_document(html, keep, budget).is_ok());
        let seconds = began.elapsed().as_secs_f64();
        assert!(seconds < MOST_SECONDS, "{name:?} took {seconds} s");
    }
}

#[test]
fn a_page_over_a_limit_is_refused_and_the_place_named() {
    let budget = |html: &str| Budget::of_page(html.len(), 512, 500_000);
    let refused = |html: &str| parse_document(html, Keep::Lean, budget(html)).unwrap_err();

    let deep = format!("<p>first</p>{}<p>last", "<div>".repeat(2_000));
    let error = refused(&deep);
    // html, body and 510 div; the next one, of five bytes each behind the paragraph, is too deep.
    assert_eq!(error, ParseError::TooDeep { limit: 512, offset: 12 + 511 * 5 });

    let many = "<p>a".repeat(300_000);
    assert_eq!(refused(&many), ParseError::TooManyNodes { limit: 500_000 });

    let entangled: Vec<String> = (0..100_000).map(|n| format!("<b id={n}></p>")).collect();
    let entangled = entangled.concat();
    let error = refused(&entangled);
    assert!(
        matches!(error, ParseError::TooDeep { .. } | ParseError::TooEntangled { .. }),
        "{error}"
    );
}

#[test]
fn what_nobody_reads_is_left_out() {
    let html = "<!--note--><style>p{}</style><script>var a=1</script>\
        <script type='application/ld+json'>{\"a\":1}</script>\
        <p onclick=x class=y data-z=1>text<svg viewBox='0 0 1 1'><path d='M0'/></svg></p>";
    let tree = parse_document(html, Keep::Read, Budget::UNLIMITED).unwrap();
    let texts: Vec<&str> = tree.nodes().filter_map(Node::as_text).collect();
    assert_eq!(texts, ["{\"a\":1}", "text"]);
    let elements = tree.nodes().filter_map(Node::as_element);
    let names: Vec<&str> = elements.clone().map(Element::name).collect();
    assert_eq!(names, ["html", "head", "style", "script", "script", "body", "p", "svg"]);
    let attributes = elements.flat_map(Element::attributes);
    let attributes: Vec<_> = attributes.map(|own| (own.name, &*own.value)).collect();
    assert_eq!(attributes, [(Attr::TYPE, "application/ld+json"), (Attr::CLASS, "y")]);
}
