//! Why a page that could be read is not published. Our decision, never an error.

/// The reason a page is not an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rejection {
    /// No text at all.
    Empty,
    /// "Not found", "Access denied", "Bad gateway".
    ErrorPage,
    /// "Are you a robot?"
    Captcha,
    /// Nothing but a request for consent.
    ConsentWall,
    /// Nothing but an offer to subscribe.
    PaywallStub,
    /// A front page, a list of links, a search result.
    NotAnArticle,
}

impl Rejection {
    /// Every reason, for tables and tests.
    pub const ALL: [Self; 6] = [
        Self::Empty,
        Self::ErrorPage,
        Self::Captcha,
        Self::ConsentWall,
        Self::PaywallStub,
        Self::NotAnArticle,
    ];

    /// Stable name, as written to logs and the rejected topic.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::ErrorPage => "error_page",
            Self::Captcha => "captcha",
            Self::ConsentWall => "consent_wall",
            Self::PaywallStub => "paywall_stub",
            Self::NotAnArticle => "not_an_article",
        }
    }
}
