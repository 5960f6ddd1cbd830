//! `klartext health`: asks a running service how it is. For images without a shell, where nothing else could.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use clap::Args;

use super::config_args::ConfigArgs;
use super::{CommandError, Exit};

/// Longest wait for the answer.
const ANSWER: Duration = Duration::from_secs(5);

/// Arguments of `klartext health`.
#[derive(Debug, Args)]
pub struct HealthArgs {
    /// Where the configuration comes from; `health.address` is what counts.
    #[command(flatten)]
    pub config: ConfigArgs,

    /// Ask whether it is alive, rather than whether it is ready.
    #[arg(long)]
    pub live: bool,
}

/// Prints what the service on this host answers; exit code 69 if it is not well, or does not answer.
///
/// # Errors
/// There is no health port, or nobody answers.
pub fn run(args: &HealthArgs) -> Result<Exit, CommandError> {
    let config = args.config.load()?;
    // The configuration is checked: it is an address, if it is there.
    let Some(address) = config.health.address.as_ref().and_then(|text| text.parse().ok()) else {
        let message = "there is no health port: `health.address` is not set";
        return Err(CommandError::message(Exit::Config, message));
    };
    let path = if args.live { "/health/livez" } else { "/health/readyz" };
    let answer = ask(reachable(address), path).map_err(|error| {
        let message = format!("nobody answers at {address}: {error}");
        CommandError::message(Exit::Unavailable, message)
    })?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer.as_str(), ""));
    io::stdout().write_all(body.as_bytes()).map_err(CommandError::stdout)?;
    let is_well = head.split(' ').nth(1) == Some("200");
    Ok(if is_well { Exit::Success } else { Exit::Unavailable })
}

/// An address for all interfaces is no address to connect to.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

fn ask(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, ANSWER)?;
    stream.set_read_timeout(Some(ANSWER))?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
