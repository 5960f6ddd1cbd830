//! Names of the rules whose class decides: `marker.ad_label` is the phrase, `pattern.ad_label` the regular expression.

use crate::model::{Boilerplate, RuleName};

macro_rules! names {
    ($($variant:ident = $name:literal,)+) => {
        /// The rule that a phrase of the class decided by.
        pub(super) const fn marker(class: Boilerplate) -> RuleName {
            match class {
                $(Boilerplate::$variant => concat!("marker.", $name),)+
            }
        }

        /// The rule that a pattern of the class decided by.
        pub(super) const fn pattern(class: Boilerplate) -> RuleName {
            match class {
                $(Boilerplate::$variant => concat!("pattern.", $name),)+
            }
        }
    };
}

names! {
    AdLabel = "ad_label",
    AdContinue = "ad_continue",
    CommercialNotice = "commercial_notice",
    AdblockPrompt = "adblock_prompt",
    TeaserLabel = "teaser_label",
    MediaTeaser = "media_teaser",
    Newsletter = "newsletter",
    AppChannel = "app_channel",
    Paywall = "paywall",
    Consent = "consent",
    EmbedPlaceholder = "embed_placeholder",
    ShareBar = "share_bar",
    Comments = "comments",
    AuthorBox = "author_box",
    Agency = "agency",
    KeyPointsLabel = "key_points_label",
    CaptionCredit = "caption_credit",
    Player = "player",
    Timestamp = "timestamp",
    Nav = "nav",
    Tags = "tags",
    RatingPoll = "rating_poll",
    Legal = "legal",
    Tts = "tts",
    AiTranslationNotice = "ai_translation_notice",
    CorrectionNote = "correction_note",
    Liveblog = "liveblog",
    Donation = "donation",
    ErrorPage = "error_page",
    Captcha = "captcha",
    ServiceLinks = "service_links",
    JumpLine = "jump_line",
    MetadataPrefix = "metadata_prefix",
    Repeated = "repeated",
    Hidden = "hidden",
    LinkList = "link_list",
    Leftover = "leftover",
    OutsideArticle = "outside_article",
}
