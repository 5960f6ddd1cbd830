//! Input made to be expensive, and what is left out on purpose.

use std::time::Instant;

use klartext::parse::html::tokenizer::{Budget, Keep, parse_document};

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
        drop(parse_document(html, keep, Budget::of_page(html.len(), 512, 500_000)));
        let seconds = began.elapsed().as_secs_f64();
        assert!(seconds < MOST_SECONDS, "{name:?} took {seconds} s");
    }
}

#[test]
fn a_page_that_spends_its_budget_is_read_as_far_as_it_goes() {
    let html = format!("<p>first</p>{}<p>last", "<div>".repeat(2_000));
    let tree = parse_document(&html, Keep::Read, Budget::of_page(html.len(), 512, 500_000));
    let text: String = tree.root_element().text().collect();
    assert_eq!(text, "first");
}

#[test]
fn what_nobody_reads_is_left_out() {
    let html = "<!--note--><style>p{}</style><script>var a=1</script>\
        <script type='application/ld+json'>{\"a\":1}</script>\
        <p onclick=x class=y data-z=1>text<svg viewBox='0 0 1 1'><path d='M0'/></svg></p>";
    let tree = parse_document(html, Keep::Read, Budget::UNLIMITED);
    let expected = "<!----><html><head><style></style><script></script>\
        <script type=\"application/ld+json\">{\"a\":1}</script></head>\
        <body><p class=\"y\">text<svg></svg></p></body></html>";
    assert_eq!(tree.html(), expected);
}
