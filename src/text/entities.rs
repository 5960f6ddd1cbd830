//! HTML entities left in a text dump.

use std::borrow::Cow;

/// Longest reference tried, in bytes, with `&` and `;` (`&thetasym;`, `&#x10FFFF;`).
const MAX_REFERENCE_BYTES: usize = 10;

/// Names of the references seen in news dumps: HTML 4 Latin-1, and the marks of typography. Sorted.
const NAMED: &[(&str, char)] = &[
    ("AElig", 'Æ'),
    ("Aacute", 'Á'),
    ("Acirc", 'Â'),
    ("Agrave", 'À'),
    ("Aring", 'Å'),
    ("Atilde", 'Ã'),
    ("Auml", 'Ä'),
    ("Ccedil", 'Ç'),
    ("ETH", 'Ð'),
    ("Eacute", 'É'),
    ("Ecirc", 'Ê'),
    ("Egrave", 'È'),
    ("Euml", 'Ë'),
    ("Iacute", 'Í'),
    ("Icirc", 'Î'),
    ("Igrave", 'Ì'),
    ("Iuml", 'Ï'),
    ("Ntilde", 'Ñ'),
    ("OElig", 'Œ'),
    ("Oacute", 'Ó'),
    ("Ocirc", 'Ô'),
    ("Ograve", 'Ò'),
    ("Oslash", 'Ø'),
    ("Otilde", 'Õ'),
    ("Ouml", 'Ö'),
    ("Scaron", 'Š'),
    ("THORN", 'Þ'),
    ("Uacute", 'Ú'),
    ("Ucirc", 'Û'),
    ("Ugrave", 'Ù'),
    ("Uuml", 'Ü'),
    ("Yacute", 'Ý'),
    ("aacute", 'á'),
    ("acirc", 'â'),
    ("aelig", 'æ'),
    ("agrave", 'à'),
    ("amp", '&'),
    ("apos", '\''),
    ("aring", 'å'),
    ("atilde", 'ã'),
    ("auml", 'ä'),
    ("bdquo", '„'),
    ("bull", '•'),
    ("ccedil", 'ç'),
    ("cent", '¢'),
    ("copy", '©'),
    ("deg", '°'),
    ("eacute", 'é'),
    ("ecirc", 'ê'),
    ("egrave", 'è'),
    ("emsp", '\u{2003}'),
    ("ensp", '\u{2002}'),
    ("eth", 'ð'),
    ("euml", 'ë'),
    ("euro", '€'),
    ("frac12", '½'),
    ("frac14", '¼'),
    ("frac34", '¾'),
    ("gt", '>'),
    ("hellip", '…'),
    ("iacute", 'í'),
    ("icirc", 'î'),
    ("iexcl", '¡'),
    ("igrave", 'ì'),
    ("iquest", '¿'),
    ("iuml", 'ï'),
    ("laquo", '«'),
    ("ldquo", '“'),
    ("lrm", '\u{200E}'),
    ("lsaquo", '‹'),
    ("lsquo", '‘'),
    ("lt", '<'),
    ("mdash", '—'),
    ("middot", '·'),
    ("nbsp", '\u{A0}'),
    ("ndash", '–'),
    ("ntilde", 'ñ'),
    ("oacute", 'ó'),
    ("ocirc", 'ô'),
    ("oelig", 'œ'),
    ("ograve", 'ò'),
    ("ordf", 'ª'),
    ("ordm", 'º'),
    ("oslash", 'ø'),
    ("otilde", 'õ'),
    ("ouml", 'ö'),
    ("para", '¶'),
    ("permil", '‰'),
    ("plusmn", '±'),
    ("pound", '£'),
    ("quot", '"'),
    ("raquo", '»'),
    ("rdquo", '”'),
    ("reg", '®'),
    ("rlm", '\u{200F}'),
    ("rsaquo", '›'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("scaron", 'š'),
    ("sect", '§'),
    ("shy", '\u{AD}'),
    ("sup2", '²'),
    ("sup3", '³'),
    ("szlig", 'ß'),
    ("thinsp", '\u{2009}'),
    ("thorn", 'þ'),
    ("times", '×'),
    ("trade", '™'),
    ("uacute", 'ú'),
    ("ucirc", 'û'),
    ("ugrave", 'ù'),
    ("uuml", 'ü'),
    ("yacute", 'ý'),
    ("yen", '¥'),
    ("yuml", 'ÿ'),
    ("zwj", '\u{200D}'),
    ("zwnj", '\u{200C}'),
];

/// The text with its character references decoded, and decoded again where the result is one (`&amp;uuml;`).
/// Borrowed when there is none. Linear: each reference is shorter than what it replaces.
#[must_use]
pub fn decode_entities(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        let (before, reference) = rest.split_at(at);
        decoded.push_str(before);
        let (character, after) = decode_one(reference);
        decoded.push(character);
        rest = after;
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// Decodes what begins with the `&` at the start of `text`; `&amp;` as often as its result begins a reference again.
fn decode_one(text: &str) -> (char, &str) {
    let mut behind_ampersand = text.get(1..).unwrap_or_default();
    loop {
        match reference(behind_ampersand) {
            Some(('&', after)) => behind_ampersand = after,
            Some((character, after)) => return (character, after),
            None => return ('&', behind_ampersand),
        }
    }
}

/// The character that `name;…` refers to, and what follows the semicolon.
fn reference(text: &str) -> Option<(char, &str)> {
    let head = text.as_bytes().get(..MAX_REFERENCE_BYTES.min(text.len()))?;
    let (name, after) = text.split_at_checked(memchr::memchr(b';', head)?)?;
    let character = match name.strip_prefix('#') {
        Some(number) => numeric(number)?,
        None => named(name)?,
    };
    Some((character, after.get(1..)?))
}

fn named(name: &str) -> Option<char> {
    let found = NAMED.binary_search_by_key(&name, |(known, _)| known).ok()?;
    NAMED.get(found).map(|&(_, character)| character)
}

/// A number means a character of windows-1252 where browsers read it so (HTML standard, "numeric character reference
/// end state").
fn numeric(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
        None => number.parse().ok()?,
    };
    match u8::try_from(code) {
        Ok(0) => None,
        Ok(byte @ 0x80..=0x9F) => {
            encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next()
        }
        _ => char::from_u32(code),
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMED, decode_entities};

    #[test]
    fn references_are_decoded_once_and_twice() {
        assert_eq!(
            decode_entities("F&uuml;r &#8222;Fu&szlig;g&auml;nger&#x201C;"),
            "Für „Fußgänger“"
        );
        assert_eq!(decode_entities("F&amp;uuml;r AT&amp;amp;T"), "Für AT&T");
        assert_eq!(decode_entities("&#150;"), "–");
    }

    #[test]
    fn an_ampersand_that_is_none_stays() {
        for text in ["Tom & Jerry", "AT&T", "a&b;c", "&unknown;", "&#xFFFFFFFF;", "&"] {
            assert_eq!(decode_entities(text), text);
        }
    }

    #[test]
    fn the_names_are_sorted() {
        assert!(NAMED.is_sorted_by_key(|(name, _)| name));
    }
}
