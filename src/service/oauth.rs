//! The bearer token for `OAUTHBEARER`: read from a file that someone else keeps fresh (a projected service account token, a
//! sidecar), again each time librdkafka asks for one, which it does before the old one expires.

use std::error::Error;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{Timestamp, ToSpan as _};
use rdkafka::client::OAuthToken;
use serde_json::Value;

/// A token that does not say when it expires is read again after about this.
const UNKNOWN_LIFETIME_MINUTES: i64 = 5;

/// The token in this file. The errors name the file and never its contents.
pub(super) fn token_of(file: Option<&Path>) -> Result<OAuthToken, Box<dyn Error>> {
    let file = file.ok_or("`kafka.security.sasl.token_file` is not set")?;
    let token = fs::read_to_string(file).map_err(|error| {
        format!("`kafka.security.sasl.token_file`: {}: {error}", file.display())
    })?;
    let token = token.trim();
    if token.is_empty() || token.contains('\0') {
        return Err(format!("{} holds no token", file.display()).into());
    }
    let claims = claims_of(token);
    let unknown = Timestamp::now() + UNKNOWN_LIFETIME_MINUTES.minutes();
    Ok(OAuthToken {
        token: token.to_owned(),
        principal_name: claims.get("sub").and_then(Value::as_str).unwrap_or_default().to_owned(),
        lifetime_ms: claims
            .get("exp")
            .and_then(Value::as_i64)
            .and_then(|seconds| seconds.checked_mul(1_000))
            .unwrap_or_else(|| unknown.as_millisecond()),
    })
}

/// What a JSON Web Token says of itself (RFC 7519 §3); null for a token of another kind.
fn claims_of(token: &str) -> Value {
    let payload = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    payload.and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default()
}
