//! A small AWS endpoint on loopback that answers as a test says: pages, faults, broken bytes.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// The longest request that is read.
const MAX_REQUEST: usize = 32_768;

/// One request, as far as answers hang on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// `GetCallerIdentity`.
    pub(crate) action: String,
    /// The page that is asked for.
    pub(crate) marker: Option<String>,
    /// How many requests for this action and page came before.
    pub(crate) before: usize,
}

/// What is sent back.
pub(crate) enum Answer {
    /// A whole response: status, content type, body.
    Whole(u16, &'static str, String),
    /// The connection is reset without an answer.
    Reset,
    /// One byte of the body at a time, this far apart, for a body that would take an hour.
    Trickle(Duration),
}

/// The endpoint; it ends when dropped.
pub(crate) struct Stub {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Stub {
    /// Starts on a free port of loopback.
    pub(crate) fn start(answer: impl Fn(&Request) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let ended = Arc::new(AtomicBool::new(false));
        let (seen, over) = (requests.clone(), ended.clone());
        let serve = move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    break;
                }
                // A client that goes away in the middle is one of the things tested.
                let _ = stream.and_then(|stream| respond(stream, &answer, &seen, &over));
            }
        };
        Self { address, requests, ended, thread: Some(std::thread::spawn(serve)) }
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked so far, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn respond(
    mut stream: TcpStream,
    answer: &impl Fn(&Request) -> Answer,
    seen: &Mutex<Vec<Request>>,
    over: &AtomicBool,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let (form, length) = peek_form(&stream)?;
    let field = |name: &str| form.split('&').find_map(|pair| pair.strip_prefix(name)).map(str::to_owned);
    let (action, marker) = (field("Action=").unwrap_or_default(), field("Marker="));
    let request = {
        let mut seen = seen.lock().unwrap();
        let before = seen.iter().filter(|request| request.action == action && request.marker == marker).count();
        seen.push(Request { action, marker, before });
        seen[seen.len() - 1].clone()
    };
    match answer(&request) {
        // Bytes that nobody has read make the kernel reset the connection.
        Answer::Reset => Ok(()),
        Answer::Whole(status, kind, body) => {
            stream.read_exact(&mut vec![0; length])?;
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} -\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            );
            stream.write_all(head.as_bytes())?;
            stream.write_all(body.as_bytes())?;
            stream.shutdown(Shutdown::Write)
        }
        Answer::Trickle(pause) => {
            stream.read_exact(&mut vec![0; length])?;
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 100000\r\n\r\n")?;
            while !over.load(Ordering::SeqCst) {
                stream.write_all(b" ")?;
                std::thread::sleep(pause);
            }
            Ok(())
        }
    }
}

/// The form in the body, and the length of the whole request, which stays unread.
fn peek_form(stream: &TcpStream) -> std::io::Result<(String, usize)> {
    let mut buffer = vec![0; MAX_REQUEST];
    for _ in 0..1_000 {
        let count = stream.peek(&mut buffer)?;
        let text = String::from_utf8_lossy(&buffer[..count]).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return Ok((body.to_owned(), count));
            }
        }
        if count == 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Err(std::io::ErrorKind::UnexpectedEof.into())
}
