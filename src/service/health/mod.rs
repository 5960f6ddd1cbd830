//! The health port: `/health/livez`, `/health/readyz`, `/metrics`. Off unless `health.address` is set. It only reads what the
//! service shows; nothing that is asked here can slow it down.

mod metrics;
mod probes;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;
use std::{io, thread};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::{Live, events};

/// Longest time a request may take to arrive.
const HEADER_TIMEOUT: Duration = Duration::from_secs(5);

/// Longest life of a connection: scrapers come back.
const CONNECTION_TIMEOUT: Duration = Duration::from_mins(1);

/// Connections at a time; more wait in the system's queue.
const MAX_CONNECTIONS: usize = 64;

/// Answers from now on, on a thread of its own, until the process ends. Gives the address, for a port of 0 finds a free one.
/// `stuck_timeout` is that of the service's watchdog.
///
/// # Errors
/// The address is taken, or not ours.
pub fn serve(address: SocketAddr, live: Live, stuck_timeout: Duration) -> io::Result<SocketAddr> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind(address))?;
    let address = listener.local_addr()?;
    tracing::info!(
        event.name = events::LISTENING,
        server.address = %address.ip(),
        server.port = address.port(),
        "the health port is open"
    );
    let thread = thread::Builder::new().name("health".to_owned());
    thread.spawn(move || runtime.block_on(accept(listener, live, stuck_timeout)))?;
    Ok(address)
}

async fn accept(listener: TcpListener, live: Live, stuck_timeout: Duration) {
    let mut connections = JoinSet::new();
    loop {
        while connections.len() >= MAX_CONNECTIONS {
            connections.join_next().await;
        }
        // An error here is a connection that ended before it began, or too many open files: both pass.
        let Ok((stream, _peer)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let live = live.clone();
        connections.spawn(async move {
            let answer = service_fn(|request| {
                let response = respond(&request, &live, stuck_timeout);
                async { Ok::<_, Infallible>(response) }
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADER_TIMEOUT)
                .serve_connection(TokioIo::new(stream), answer);
            // Whoever goes away in the middle does not want the answer.
            let _ended = tokio::time::timeout(CONNECTION_TIMEOUT, connection).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

fn respond(
    request: &Request<Incoming>,
    live: &Live,
    stuck_timeout: Duration,
) -> Response<Full<Bytes>> {
    const JSON: &str = "application/json";
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return response(StatusCode::METHOD_NOT_ALLOWED, "text/plain", "only GET\n".to_owned());
    }
    let probe = match request.uri().path() {
        "/health/livez" => probes::live(live, stuck_timeout),
        "/health/readyz" => probes::ready(live),
        "/metrics" => {
            return response(StatusCode::OK, metrics::CONTENT_TYPE, metrics::text(live));
        }
        _ => {
            let paths = "/health/livez, /health/readyz, /metrics\n".to_owned();
            return response(StatusCode::NOT_FOUND, "text/plain", paths);
        }
    };
    let status = if probe.is_well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    response(status, JSON, format!("{:#}\n", probe.detail))
}

fn response(status: StatusCode, kind: &'static str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
