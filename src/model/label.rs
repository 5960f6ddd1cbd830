//! What a block can be judged to be.

/// Name of a rule, as shown by `explain` and in the verdict table: `family.rule`, for example `marker.ad_label`.
pub type RuleName = &'static str;

/// What a block is, and which rule said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// The judgement.
    pub label: Label,
    /// The rule that made it.
    pub rule: RuleName,
}

/// What a block is. The German newsroom word stands in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Label {
    /// Line above the headline (Dachzeile).
    Kicker,
    /// Headline (Titel).
    Headline,
    /// Subtitle (Unterzeile).
    Deck,
    /// Who wrote it (Autorenzeile).
    Byline,
    /// A line that is only place and agency (Ortsmarke). A dateline inside a sentence stays body.
    Dateline,
    /// First paragraph that sums the article up (Vorspann).
    Lead,
    /// A point of a summary box.
    KeyPoint,
    /// Running text of the article, in the block's own kind.
    Body,
    /// Heading inside the article (Zwischentitel).
    Subheading,
    /// Caption or credit of an image (Bildunterschrift): metadata, not body.
    Caption,
    /// Correction or note by the editors: stays, as its own kind.
    EditorNote,
    /// Not the article; the class says what.
    Boilerplate(Boilerplate),
}

impl Label {
    /// Whether the block goes into the article's text.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(
            self,
            Self::Lead | Self::KeyPoint | Self::Body | Self::Subheading | Self::EditorNote
        )
    }
}

macro_rules! boilerplate {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal,)+) => {
        /// Classes of what is not the article. Named after the classes of the marker files.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Boilerplate {
            $($(#[$doc])+ $variant,)+
        }

        impl Boilerplate {
            /// Every class.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Stable name: key of the marker files, of `quality.removed` and of the logs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Name of the rule by which a phrase of the class decides: `marker.ad_label`.
            #[must_use]
            pub const fn marker_rule(self) -> RuleName {
                match self {
                    $(Self::$variant => concat!("marker.", $name),)+
                }
            }

            /// Name of the rule by which a regular expression of the class decides: `pattern.ad_label`.
            #[must_use]
            pub const fn pattern_rule(self) -> RuleName {
                match self {
                    $(Self::$variant => concat!("pattern.", $name),)+
                }
            }

            /// The class of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|class| class.as_str() == name)
            }
        }
    };
}

boilerplate! {
    /// "Anzeige", "Advertisement".
    AdLabel = "ad_label",
    /// "Article continues below".
    AdContinue = "ad_continue",
    /// Affiliate and other commercial notices.
    CommercialNotice = "commercial_notice",
    /// "Please disable your ad blocker".
    AdblockPrompt = "adblock_prompt",
    /// "Lesen Sie auch" and the links under it.
    TeaserLabel = "teaser_label",
    /// "Im Video:", "Bilderstrecke".
    MediaTeaser = "media_teaser",
    /// Newsletter prompts.
    Newsletter = "newsletter",
    /// App, push, messenger channels, "follow us".
    AppChannel = "app_channel",
    /// Subscription and login prompts.
    Paywall = "paywall",
    /// Cookie and consent banners.
    Consent = "consent",
    /// "Empfohlener externer Inhalt".
    EmbedPlaceholder = "embed_placeholder",
    /// Share buttons and counters.
    ShareBar = "share_bar",
    /// Reader comments and all that belongs to them.
    Comments = "comments",
    /// Who the author is.
    AuthorBox = "author_box",
    /// Agency and source lines: moved to metadata.
    Agency = "agency",
    /// "Das Wichtigste in Kürze": moved to the group of its points.
    KeyPointsLabel = "key_points_label",
    /// Captions and credits: moved to images.
    CaptionCredit = "caption_credit",
    /// Remains of players.
    Player = "player",
    /// Date lines, reading time: moved to metadata.
    Timestamp = "timestamp",
    /// Menus, breadcrumbs, skip links.
    Nav = "nav",
    /// Tag lists: moved to keywords.
    Tags = "tags",
    /// Polls and ratings.
    RatingPoll = "rating_poll",
    /// Imprint, terms, copyright.
    Legal = "legal",
    /// Read-aloud controls.
    Tts = "tts",
    /// "Maschinell übersetzt": a note.
    AiTranslationNotice = "ai_translation_notice",
    /// Correction notes (kept; the class exists for the phrase lists).
    CorrectionNote = "correction_note",
    /// Controls of live blogs; the entries stay.
    Liveblog = "liveblog",
    /// Donation and membership appeals.
    Donation = "donation",
    /// Text of error pages.
    ErrorPage = "error_page",
    /// "Are you a robot?"
    Captcha = "captcha",
    /// Job market, puzzles, shops.
    ServiceLinks = "service_links",
    /// "Page 2", "back to top".
    JumpLine = "jump_line",
    /// Key-value prefix of a text dump: moved to metadata.
    MetadataPrefix = "metadata_prefix",
    /// The headline or another metadata field repeated in the text.
    Repeated = "repeated",
    /// Hidden on the page.
    Hidden = "hidden",
    /// A block that is (nearly) nothing but links.
    LinkList = "link_list",
    /// Rulers, bullets, lone digits.
    Leftover = "leftover",
    /// Outside the article, and nothing else is known of it.
    OutsideArticle = "outside_article",
}
