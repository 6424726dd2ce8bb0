//! HTTP through `ureq`.

use ureq::ResponseExt as _;
use ureq::config::Config;
use url::Url;

use super::{Error, Fetched, Limits, Reason, is_web};

/// Media types in the order of preference, for `Accept`.
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
                      application/xml;q=0.9, application/json;q=0.9, text/xml;q=0.9, */*;q=0.5";

/// Fetches a document by HTTP GET. Takes a proxy from the environment (`https_proxy` and the like).
///
/// # Errors
///
/// On any status but those of success, and where the document, the time or the redirects exceed the limits.
pub fn get(url: &Url, limits: &Limits) -> Result<Fetched, Error> {
    let failed = |reason| Error { url: url.clone(), reason };
    if !is_web(url) {
        return Err(failed(Reason::Scheme));
    }
    let understood = |error| failed(reason(error, limits));
    let agent = config(limits).new_agent();
    // A fragment is never sent to a server.
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
    use std::time::Duration;

    use super::*;

    /// Answers each request with the next of `answers`, in which `{port}` is the port, then repeats the last
    /// `tail`.
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
