//! The way out to the network: one document by HTTP GET, within limits.
//!
//! What a document means, and which others to ask for, is for the caller to know. The client takes a proxy from the
//! environment (`https_proxy` and the like), as every program does that meets the network.

use std::fmt;
use std::time::Duration;

use ureq::ResponseExt as _;
use ureq::config::Config;
use url::Url;

/// What servers are told we would rather have.
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
                      application/xml;q=0.9, application/json;q=0.9, text/xml;q=0.9, */*;q=0.5";

/// How much is taken at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a document, unpacked.
    pub bytes: u64,
    /// Redirects that are followed.
    pub redirects: u32,
    /// From the look-up of the name to the last byte.
    pub time: Duration,
}

impl Default for Limits {
    /// 16 MB, 5 redirects, a minute.
    fn default() -> Self {
        Self { bytes: 16 << 20, redirects: 5, time: Duration::from_secs(60) }
    }
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Where it was found, after all redirects.
    pub url: Url,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// As the server states it; empty where it does not.
    pub content_type: String,
}

/// Why there is no document.
#[derive(Debug)]
pub struct Error {
    /// What was asked for.
    pub url: Url,
    /// What came instead.
    pub reason: Reason,
}

/// What comes instead of a document.
#[derive(Debug)]
pub enum Reason {
    /// The address is not one of the web.
    Scheme,
    /// The server answered, but with this status.
    Status(u16),
    /// More than these bytes.
    TooLarge(u64),
    /// Not all of it in time.
    TooSlow,
    /// One redirect after the other.
    TooManyRedirects,
    /// The network does not work, and what it says.
    Network(String),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cannot fetch `{}`: ", self.url)?;
        match &self.reason {
            Reason::Scheme => formatter.write_str("it is neither http nor https"),
            Reason::Status(status) => write!(formatter, "the server answers with status {status}"),
            Reason::TooLarge(bytes) => write!(formatter, "it has more than {} MB", bytes >> 20),
            Reason::TooSlow => formatter.write_str("it takes too long"),
            Reason::TooManyRedirects => formatter.write_str("it is redirected again and again"),
            Reason::Network(why) => formatter.write_str(why),
        }
    }
}

impl std::error::Error for Error {}

/// Asks for a document. Fails on any status but those of success; what it fetches is no longer than the limits say,
/// however long the server goes on.
pub fn get(url: &Url, limits: &Limits) -> Result<Fetched, Error> {
    let failed = |reason| Error { url: url.clone(), reason };
    if !is_web(url) {
        return Err(failed(Reason::Scheme));
    }
    let understood = |error| failed(reason(error, limits));
    let agent = config(limits).new_agent();
    // The server is never told of a fragment.
    let mut asked = url.clone();
    asked.set_fragment(None);
    let response = agent.get(asked.as_str()).call().map_err(understood)?;
    let found = Url::parse(&response.get_uri().to_string()).unwrap_or_else(|_| url.clone());
    let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_owned();
    let bytes =
        response.into_body().into_with_config().limit(limits.bytes).read_to_vec().map_err(understood)?;
    Ok(Fetched { url: found, bytes, content_type })
}

/// Whether [`get`] can fetch it.
pub fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

fn config(limits: &Limits) -> Config {
    Config::builder()
        .timeout_global(Some(limits.time))
        .max_redirects(limits.redirects)
        .max_redirects_will_error(true)
        .accept(ACCEPT)
        .user_agent(concat!("Feedwright/", env!("CARGO_PKG_VERSION")))
        .build()
}

fn reason(error: ureq::Error, limits: &Limits) -> Reason {
    match error {
        ureq::Error::StatusCode(status) => Reason::Status(status),
        ureq::Error::BodyExceedsLimit(_) => Reason::TooLarge(limits.bytes),
        ureq::Error::Timeout(_) => Reason::TooSlow,
        ureq::Error::TooManyRedirects => Reason::TooManyRedirects,
        ureq::Error::HostNotFound => Reason::Network("there is no host of this name".to_owned()),
        // Reading a body goes through `std::io`, which wraps what went wrong.
        ureq::Error::Io(error) => match error.downcast::<ureq::Error>() {
            Ok(inner) => reason(inner, limits),
            Err(error) => Reason::Network(error.to_string()),
        },
        other => Reason::Network(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, TcpListener};
    use std::thread;

    use super::*;

    /// Answers each request with the next of `answers`, in which `{port}` is the port, then repeats the last `tail`.
    fn serve(answers: &'static [&'static str], tail: usize) -> Url {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for (stream, answer) in listener.incoming().flatten().zip(answers.iter().cycle()) {
                let mut stream = stream;
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(answer.replace("{port}", &port.to_string()).as_bytes());
                for _ in 0..tail {
                    if stream.write_all(&[b' '; 1024]).is_err() {
                        break;
                    }
                }
            }
        });
        Url::parse(&format!("http://127.0.0.1:{port}/feed")).unwrap()
    }

    fn quick() -> Limits {
        Limits { bytes: 4096, time: Duration::from_secs(5), ..Limits::default() }
    }

    #[test]
    fn a_document_comes_with_its_type_and_the_address_where_it_was_found() {
        let url = serve(
            &[
                "HTTP/1.1 301 Moved Permanently\r\nLocation: /rss.xml\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<rss/>",
            ],
            0,
        );
        let fetched = get(&url, &quick()).unwrap();
        assert_eq!(
            (fetched.url.path(), &*fetched.bytes, &*fetched.content_type),
            ("/rss.xml", &b"<rss/>"[..], "text/xml")
        );
    }

    #[test]
    fn a_refusal_names_address_and_status() {
        let url = serve(&["HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"], 0);
        let error = get(&url, &quick()).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot fetch `{url}`: the server answers with status 404"));
    }

    #[test]
    fn a_document_without_end_is_given_up() {
        let url = serve(&["HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"], 10_000);
        assert!(matches!(get(&url, &quick()).unwrap_err().reason, Reason::TooLarge(4096)));
    }

    #[test]
    fn redirects_without_end_are_given_up() {
        let url = serve(
            &[
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{port}/feed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            ],
            0,
        );
        assert!(matches!(get(&url, &quick()).unwrap_err().reason, Reason::TooManyRedirects));
    }

    #[test]
    fn a_server_that_says_nothing_is_given_up() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let limits = Limits { time: Duration::from_millis(200), ..quick() };
        assert!(matches!(get(&url, &limits).unwrap_err().reason, Reason::TooSlow));
    }

    #[test]
    fn a_server_without_tls_is_not_believed_to_have_it() {
        let mut url = serve(&["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"], 0);
        url.set_scheme("https").unwrap();
        assert!(matches!(get(&url, &quick()).unwrap_err().reason, Reason::Network(_)));
    }

    #[test]
    fn nothing_but_the_web_is_asked() {
        for address in ["file:///etc/passwd", "ftp://example.org/feed", "data:,x"] {
            assert!(matches!(
                get(&Url::parse(address).unwrap(), &quick()).unwrap_err().reason,
                Reason::Scheme
            ));
        }
    }
}
