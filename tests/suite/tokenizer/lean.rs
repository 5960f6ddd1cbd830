//! What goes from the tree of a page whose site has no rules: white space between blocks, comments, scripts, styles, images
//! in SVG. Nothing that is read from the tree may change.

use std::sync::LazyLock;

use klartext::config::Config;
use klartext::parse::html::tokenizer::Keep;
use klartext::parse::html::tree_builder::{Budget, parse_document};
use klartext::parse::tree::{Element, Node};
use klartext::rules::Rules;
use proptest::prelude::*;

use super::equality::assert_same_when_lean;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::compile(&Config::default()).unwrap());

/// Each stands where two texts could grow together, or white space counts.
const PLACES: &[&str] = &[
    "<p>Die Fähre <!-- ruht --> ruht</p>",
    "<p>Die Fähre<!-- ruht -->ruht, <a href=x>sagt<script>x</script>er</a></p>",
    "<div>\n <span>Rike</span>\n <span>Olbers</span>\n</div>",
    "<div><b>Rike</b> <i>Olbers</i> </div> <div> Ida </div>",
    "<pre>  <!-- a -->  eins\n\n  <div>\n  zwei</div>\n</pre>\n<div>\n drei</div>",
    "<p>Teilen <svg><path d='M0 0'/></svg> oder <a><svg viewBox='0 0 1 1'><g></g></svg> schweigen</a></p>",
    "<svg><style>p{}</style><script>1</script><title>Logo</title></svg><p>Text</p>",
    "<math><style>a</style><mi>x</mi></math> <p>Text</p>",
    "<table><tr>\n<td>1</td>\n<td>2</td>\n</tr>\n<script>x</script><tr><td>3</td></tr></table>",
    "<h1>Titel</h1>\n\n<div itemprop=author>\n<div>Rike Olbers</div>\n<div>Reporterin</div></div>",
    "<div class=author><p>Rike Olbers</p>\n<!-- x -->\n<p>Ida Lux</p></div>",
    "<div itemprop=headline><p>Die Fähre</p>\n<p>ruht</p>\n heute</div>",
    "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"<!-- <script> -->\"}</script>",
    "<script>'</scr' + '<!-- <script> </script>' </script><p>Text</p> --></script><p>mehr</p>",
    "<style>a</styles></style ><p>Text</p>",
    "<script>ohne Ende <p>nichts</p>",
    "<link rel='Canonical' href='https://bote.example/a'><link rel=stylesheet href=a.css>\n<p>Text</p>",
    "<picture>\n<source srcset=a.jpg>\n<img src=a.jpg alt=Bild>\n</picture>\n<p>Text</p>",
    "<ul>\n<li>eins\n<li>zwei <ul> <li>drei</ul> vier</ul>",
    "<textarea>\n <div> \n</textarea><p>Text</p>",
];

#[test]
fn what_is_read_stays_the_same() {
    for place in PLACES {
        assert_same_when_lean(place, place, &RULES);
        let page = format!(
            "<!doctype html>\n<html>\n<head>\n<title>T</title>\n<meta name=author content=R>\n</head>\n<body>\n{place}\n</body>\n</html>"
        );
        assert_same_when_lean(&page, &page, &RULES);
    }
}

proptest! {
    #[test]
    fn places_side_by_side_are_read_the_same(places in prop::collection::vec(0..PLACES.len(), 2..6)) {
        // A script without an end swallows the page in both.
        let page: String = places.iter().map(|at| PLACES[*at]).collect::<Vec<_>>().join("\n<div>\n</div>");
        assert_same_when_lean(&page, &page, &RULES);
    }
}

#[test]
fn a_lean_tree_has_no_node_that_nobody_reads() {
    let html = "<head>\n<script>a</script>\n<link rel=icon href=i>\n</head>\n<body>\n<div>\n<!-- x -->\n<p>Text</p>\n\
        <svg><path/></svg>\n<style>p{}</style></div>\n</body>";
    let tree = parse_document(html, Keep::Lean, Budget::UNLIMITED).unwrap();
    let elements = tree.nodes().filter_map(Node::as_element);
    assert_eq!(
        elements.map(Element::name).collect::<Vec<_>>(),
        ["html", "head", "body", "div", "p"]
    );
    let kept = parse_document(html, Keep::Read, Budget::UNLIMITED).unwrap();
    assert!(kept.nodes().count() > 2 * tree.nodes().count());
}
