//! Random markup, made of the pieces on which tokenizers differ. `PROPTEST_CASES` says how much of it.

use std::sync::LazyLock;

use klartext::config::Config;
use klartext::rules::Rules;
use proptest::prelude::*;

use super::equality::{assert_same_document, assert_same_tokens, assert_same_tree};

#[test]
fn a_place_that_was_passed_is_not_sought_again() {
    for html in [
        "<p hidden title='a &amp; b'>x &amp; y",
        "<input disabled><p title='&lt;'>&gt;<p title=a&amp;b hidden>&amp;<p title=''>\0&amp;",
        "<script>a && b</script>x &amp; y<style>a{}</style>&amp;<!-- & --><p title='x'>\r\n",
    ] {
        assert_same_tokens(html, html);
    }
}

const PIECES: &[&str] = &[
    "<",
    "</",
    ">",
    "/>",
    "/",
    "=",
    "\"",
    "'",
    "!",
    "?",
    "[",
    " ",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\u{c}",
    "\0",
    "a",
    "A",
    "x y",
    "ä",
    "日", // characters
    "&",
    "&#",
    "&#x",
    ";",
    "&amp",
    "&amp;",
    "&not",
    "&notit;",
    "&notin;",
    "&nbsp=",
    "&auml;",
    "&#0;",
    "&#128;",
    "&#xD800;",
    "&#x110000;",
    "&#10;",
    "&#99999999999", // references
    "-",
    "--",
    "--!",
    "-->",
    "--!>",
    "<!--",
    "<!-",
    "<!",
    "<![CDATA[",
    "]]>",
    "]]",
    "<?xml ?>",
    "</>",
    "<!DOCTYPE",
    " html",
    " PUBLIC",
    " SYSTEM",
    "public", // declarations
    "<script>",
    "<script",
    "</script>",
    "</script ",
    "<SCRIPT>",
    "</SCRIPT/",
    "<style>",
    "</style>",
    "<title>",
    "</title>",
    "<textarea>",
    "</textarea>",
    "<iframe>",
    "</iframe>",
    "<plaintext",
    "<noscript>",
    "</noscript>", // raw text
    "x=1",
    "y=\"2\"",
    "z='3'",
    "<p",
    "<p>",
    "</p>",
    "<div class=\"a b\">",
    "<DIV ID='x'>",
    "</div>",
    "<a href=x>",
    "</a>",
    "<b>",
    "</b>",
    "<br/>",
    "</br>",
    "<img src=x alt='&lt;'>",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "</table>",
    "<ul>",
    "<li>",
    "</ul>",
    "<h1>",
    "</h1>",
    "<select>",
    "<option>",
    "</select>",
    "<pre>",
    "<form>",
    "<input type=hidden>",
    "<button>",
    "<frameset>",
    "<head>",
    "</head>",
    "<body>",
    "</body>",
    "<html lang=de>",
    "</html>",
    "<template>",
    "</template>", // elements
    "<svg>",
    "</svg>",
    "<path d='M0'/>",
    "<g>",
    "</g>",
    "<math>",
    "<mi>",
    "</math>",
    "<foreignObject>",
    "<desc>", // other namespaces
];

/// Elements that the rules of tree construction name, and one that they do not.
const ELEMENTS: &[&str] = &[
    "a",
    "address",
    "annotation-xml",
    "applet",
    "b",
    "base",
    "body",
    "br",
    "button",
    "caption",
    "code",
    "col",
    "colgroup",
    "dd",
    "desc",
    "div",
    "dt",
    "em",
    "embed",
    "font",
    "foreignObject",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "head",
    "hr",
    "html",
    "i",
    "image",
    "img",
    "input",
    "li",
    "link",
    "listing",
    "marquee",
    "math",
    "meta",
    "mglyph",
    "mi",
    "mtext",
    "nobr",
    "noframes",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "path",
    "pre",
    "rb",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "section",
    "select",
    "span",
    "strong",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
    "x-box",
    "xmp",
];

/// What stands between tags.
const BETWEEN: &[&str] =
    &["", "", "", "x", " ", "\n", " x ", "\0", "<!--c-->", "&amp;", "<!DOCTYPE html>"];

/// What a start tag has.
const ATTRIBUTES: &[&str] =
    &["", "", "", " class=a", " class=b id=c", " id=c class=b", " type=hidden", " size=1", "/"];

/// Tags in any order, which most break the rules of nesting.
fn tangle() -> impl Strategy<Value = String> {
    let tag = (any::<bool>(), prop::sample::select(ELEMENTS), prop::sample::select(ATTRIBUTES));
    let piece =
        (tag, prop::sample::select(BETWEEN)).prop_map(|((opens, name, attributes), between)| {
            if opens {
                format!("<{name}{attributes}>{between}")
            } else {
                format!("</{name}>{between}")
            }
        });
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

fn rules() -> &'static Rules {
    static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::compile(&Config::default()).unwrap());
    &RULES
}

proptest! {
    #[test]
    fn a_tangle_of_tags_becomes_the_same_tree(html in tangle()) {
        assert_same_tree(&html, &html);
    }

    #[test]
    fn soup_is_read_as_html5ever_reads_it(html in soup()) {
        assert_same_tokens(&html, &html);
        assert_same_tree(&html, &html);
    }

    #[test]
    fn soup_says_the_same_without_what_nobody_reads(html in soup()) {
        assert_same_document(&html, &html, rules());
    }
}
