//! A saved account: a folder with `manifest.json` and what the account's API answered, or a bare file of the AWS CLI.

use super::decode::decode;
use super::{OpenError, Problem, ProblemKind, SourceFile, Sources};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the users, groups, roles and policies stand in a snapshot, as `aws iam get-account-authorization-details`
/// writes them.
pub const DETAILS: &str = "iam/authorization-details.json";

/// The action that [`DETAILS`] is read with.
pub const DETAILS_ACTION: &str = "iam:GetAccountAuthorizationDetails";

const MANIFEST: &str = "manifest.json";
const VERSION: u32 = 1;
const MAX_BYTES: u64 = 256_000_000;

/// One account as it was at one time.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Which account, when, and how complete.
    pub manifest: Manifest,
    /// The text of [`DETAILS`]; `None` where nothing of it could be read.
    details: Option<Arc<str>>,
    /// Where that text lies on disk; `None` where it is in memory only.
    origin: Option<PathBuf>,
}

/// What a snapshot says of itself. The time stands here only, so that reports of equal accounts are equal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the folder's layout: 1.
    pub version: u32,
    /// The account's twelve digits; `None` where a bare file names no ARN.
    pub account: Option<String>,
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: String,
    /// When it was taken, RFC 3339 in UTC; `None` for a bare file.
    pub time: Option<String>,
    /// The calls that were made, in order.
    pub calls: Vec<Call>,
}

/// How one API call went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The IAM action that it needs.
    pub action: String,
    /// The file that holds the answer, relative to the snapshot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Pages that were read.
    pub pages: u32,
    /// Whether the last page was read; if not, nothing may be concluded from what is absent.
    pub complete: bool,
    /// Why it ended early.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<CallError>,
}

/// Why a call failed, in words that hold no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallError {
    /// The service's own code, `AccessDenied`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Whether trying again later may help.
    pub retryable: bool,
    /// What happened and what to do.
    pub message: String,
}

impl Snapshot {
    /// A snapshot in memory; `details` is the text of [`DETAILS`].
    pub fn new(manifest: Manifest, details: Option<String>) -> Self {
        Self { manifest, details: details.map(Into::into), origin: None }
    }

    /// Reads a snapshot's folder, or a bare file as the AWS CLI writes it; the error says what was expected.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let is_folder = std::fs::metadata(path).map_err(|error| io(path, &error))?.is_dir();
        if is_folder { read_folder(path) } else { read_bare(path) }
    }

    /// Writes the folder: the manifest last, so that a folder with a manifest is whole. What a former snapshot left
    /// there is replaced; a folder that holds other things is not touched.
    pub fn write(&self, folder: &Path) -> Result<(), Problem> {
        let write = |name: &str, text: &str| {
            let target = folder.join(name);
            let parent = target.parent().unwrap_or(folder);
            std::fs::create_dir_all(parent).map_err(|error| io(parent, &error))?;
            let draft = target.with_extension("part");
            std::fs::write(&draft, text).map_err(|error| io(&draft, &error))?;
            std::fs::rename(&draft, &target).map_err(|error| io(&target, &error))
        };
        refuse_foreign(folder)?;
        let manifest = serde_json::to_string_pretty(&self.manifest)
            .map_err(|error| Problem::new(ProblemKind::Io, format!("the manifest cannot be written: {error}")))?;
        for old in [MANIFEST, DETAILS] {
            let old = folder.join(old);
            if old.exists() {
                std::fs::remove_file(&old).map_err(|error| io(&old, &error))?;
            }
        }
        if let Some(details) = &self.details {
            write(DETAILS, details)?;
        }
        write(MANIFEST, &(manifest + "\n"))
    }

    /// Whether users, roles and policies were read at all, though perhaps not every page of them.
    pub fn has_details(&self) -> bool {
        self.details.is_some()
    }

    /// What could not be read when the snapshot was taken: the same words for a live account and a saved one.
    pub fn problems(&self) -> Vec<Problem> {
        let of_call = |call: &Call| {
            let error = call.error.as_ref()?;
            let action = Some(call.action.as_str().into());
            Some(Problem { action, ..Problem::new(ProblemKind::Coverage, error.message.clone()) })
        };
        self.manifest.calls.iter().filter_map(of_call).collect()
    }

    /// Adds the details to the files of a scan, as one that the walk met: under their real path where they lie below
    /// the repository's root with a name in `.json`, else under [`DETAILS`], and where that name is taken, below the account's number.
    ///
    /// `None` where nothing was read. A list that was cut short says so itself (`"IsTruncated": true`).
    pub fn add_to(&self, sources: &Sources) -> Option<Arc<SourceFile>> {
        let details = self.details.as_ref()?;
        let file = self.file_of_repository(sources).unwrap_or_else(|| {
            let path = self.free_path(sources);
            sources.add(&path, details.to_string())
        });
        sources.note_walked(file.path.clone(), details.len() as u64);
        Some(file)
    }

    /// Whether the details are no file of the repository: a report that points into the repository leaves them out.
    pub fn is_outside(&self, sources: &Sources) -> bool {
        self.file_of_repository(sources).is_none()
    }

    /// The file that the details were read from, where a scan of the repository would read it as an account too.
    fn file_of_repository(&self, sources: &Sources) -> Option<Arc<SourceFile>> {
        let path = below(sources.root(), self.origin.as_ref()?)?;
        if path.ends_with(".json") { sources.open(&path).ok() } else { None }
    }

    /// The first of the names for a text outside the repository that no file has.
    fn free_path(&self, sources: &Sources) -> String {
        let account = self.manifest.account.as_deref().unwrap_or("account");
        let numbered = (2u32..).map(|number| format!("{account}-{number}/{DETAILS}"));
        let mut names = [DETAILS.to_owned(), format!("{account}/{DETAILS}")].into_iter().chain(numbered);
        names.find(|name| !sources.exists(name)).unwrap_or_else(|| DETAILS.to_owned())
    }
}

/// The folder is new, empty, or holds a snapshot.
fn refuse_foreign(folder: &Path) -> Result<(), Problem> {
    let Ok(mut entries) = std::fs::read_dir(folder) else {
        return Ok(());
    };
    if entries.next().is_none() || folder.join(MANIFEST).exists() || folder.join(DETAILS).exists() {
        return Ok(());
    }
    let message = format!("{} is not empty and holds no snapshot: name another folder", folder.display());
    Err(Problem::new(ProblemKind::Io, message))
}

fn read_folder(folder: &Path) -> Result<Snapshot, Problem> {
    let path = folder.join(MANIFEST);
    if !path.exists() {
        let message = format!(
            "{} holds no {MANIFEST}: a saved account is a folder that `leastwise audit --save` wrote, or a JSON file of `aws iam get-account-authorization-details`",
            folder.display()
        );
        return Err(Problem::new(ProblemKind::Io, message));
    }
    let manifest: Manifest = serde_json::from_str(&text(&path)?)
        .map_err(|error| Problem::new(ProblemKind::Parse, format!("{} is no manifest: {error}", path.display())))?;
    if manifest.version != VERSION {
        let version = manifest.version;
        let message = format!("{} has version {version}; this leastwise reads version {VERSION}", path.display());
        return Err(Problem::new(ProblemKind::Parse, message));
    }
    let path = folder.join(DETAILS);
    let (details, origin) = if path.exists() {
        let details = text(&path)?;
        Export::parse(&path, &details)?;
        (Some(details.into()), path.canonicalize().ok())
    } else if manifest.calls.iter().any(|call| call.error.is_some()) {
        (None, None)
    } else {
        return Err(Problem::new(ProblemKind::Io, format!("{} is missing", path.display())));
    };
    Ok(Snapshot { manifest, details, origin })
}

fn read_bare(path: &Path) -> Result<Snapshot, Problem> {
    let details = text(path)?;
    let export = Export::parse(path, &details)?;
    let (partition, account) = export.account().unzip();
    let complete = export.is_complete();
    let error = CallError {
        code: None,
        retryable: false,
        message: format!(
            "{} ends before the last page: export it without --max-items; nothing is concluded from what is absent",
            path.display()
        ),
    };
    let call = Call {
        action: DETAILS_ACTION.into(),
        file: Some(DETAILS.into()),
        pages: 1,
        complete,
        error: (!complete).then_some(error),
    };
    let partition = partition.unwrap_or_else(|| "aws".into());
    let manifest = Manifest { version: VERSION, account, partition, time: None, calls: vec![call] };
    Ok(Snapshot { manifest, details: Some(details.into()), origin: path.canonicalize().ok() })
}

/// As much of the AWS CLI's answer as tells whether it is one, whose, and whether it is whole.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Export {
    user_detail_list: Option<Vec<Entity>>,
    group_detail_list: Option<Vec<Entity>>,
    role_detail_list: Option<Vec<Entity>>,
    policies: Option<Vec<Entity>>,
    #[serde(default)]
    is_truncated: bool,
    marker: Option<IgnoredAny>,
    next_token: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Entity {
    #[serde(rename = "Arn")]
    arn: Option<String>,
}

impl Export {
    fn parse(path: &Path, text: &str) -> Result<Self, Problem> {
        let expected = "expected the JSON that `aws iam get-account-authorization-details` writes";
        let problem = |what: &str| {
            Problem::new(ProblemKind::Parse, format!("{} is no saved account: {what}; {expected}", path.display()))
        };
        let export: Self = serde_json::from_str(text).map_err(|error| problem(&error.to_string()))?;
        let Self {
            user_detail_list: Some(_),
            group_detail_list: Some(_),
            role_detail_list: Some(_),
            policies: Some(_),
            ..
        } = &export
        else {
            return Err(problem("it lacks UserDetailList, GroupDetailList, RoleDetailList or Policies"));
        };
        Ok(export)
    }

    fn is_complete(&self) -> bool {
        !self.is_truncated && self.marker.is_none() && self.next_token.is_none()
    }

    /// Partition and account of the first ARN that names an account; those of AWS's own policies name none.
    fn account(&self) -> Option<(String, String)> {
        let lists = [&self.role_detail_list, &self.user_detail_list, &self.group_detail_list, &self.policies];
        let arns = lists.into_iter().flatten().flatten().filter_map(|entity| entity.arn.as_deref());
        arns.filter_map(account_of).next()
    }
}

/// Partition and account of an ARN; `None` where it names no account of twelve digits.
pub(super) fn account_of(arn: &str) -> Option<(String, String)> {
    let mut parts = arn.split(':');
    let (partition, account) = (parts.nth(1)?, parts.nth(2)?);
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    is_account.then(|| (partition.to_owned(), account.to_owned()))
}

/// The path relative to `root`, with `/`, where it lies below.
fn below(root: &Path, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = relative.components().map(|part| part.as_os_str().to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

fn text(path: &Path) -> Result<String, Problem> {
    let size = std::fs::metadata(path).map_err(|error| io(path, &error))?.len();
    if size > MAX_BYTES {
        let message = format!("{} {}", path.display(), OpenError::TooLarge);
        return Err(Problem::new(ProblemKind::Limit, message));
    }
    let bytes = std::fs::read(path).map_err(|error| io(path, &error))?;
    decode(bytes).map_err(|error| Problem::new(ProblemKind::Parse, format!("{}: {error}", path.display())))
}

fn io(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(ProblemKind::Io, format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{Call, CallError, DETAILS, Manifest, Snapshot};
    use crate::source::Sources;
    use std::path::PathBuf;

    const EXPORT: &str = r#"{"UserDetailList": [], "GroupDetailList": [],
        "RoleDetailList": [{"Arn": "arn:aws-cn:iam::123456789012:role/r"}], "Policies": [{"Arn": "arn:aws-cn:iam::aws:policy/x"}]}"#;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("leastwise-snapshot-{name}-{}", std::process::id()));
            let _ = std::fs::remove_dir_all(&path);
            std::fs::create_dir_all(&path).unwrap();
            Self(path.canonicalize().unwrap())
        }

        fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
            let path = self.0.join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn manifest(error: Option<CallError>) -> Manifest {
        let call =
            Call { action: super::DETAILS_ACTION.into(), file: None, pages: 1, complete: error.is_none(), error };
        let account = Some("123456789012".to_owned());
        Manifest { version: 1, account, partition: "aws".into(), time: None, calls: vec![call] }
    }

    #[test]
    fn a_bare_file_names_its_account_and_is_complete() {
        let folder = Folder::new("bare");
        let snapshot = Snapshot::read(&folder.file("x.json", EXPORT)).unwrap();
        assert_eq!(snapshot.manifest.account.as_deref(), Some("123456789012"));
        assert_eq!(snapshot.manifest.partition, "aws-cn");
        assert!(snapshot.has_details() && snapshot.problems().is_empty());
        let utf16: Vec<u8> = [0xFEFF].into_iter().chain(EXPORT.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let other = Snapshot::read(&folder.file("y.json", utf16)).unwrap();
        assert_eq!(other.manifest, snapshot.manifest);
    }

    #[test]
    fn a_file_cut_short_is_a_gap() {
        let folder = Folder::new("cut");
        for rest in [r#""IsTruncated": true"#, r#""NextToken": "abc""#, r#""Marker": "abc""#] {
            let snapshot =
                Snapshot::read(&folder.file("x.json", EXPORT.replacen('{', &format!("{{{rest},"), 1))).unwrap();
            assert!(!snapshot.manifest.calls[0].complete, "{rest}");
            let problems = snapshot.problems();
            assert_eq!(problems[0].action.as_deref(), Some("iam:GetAccountAuthorizationDetails"));
        }
    }

    #[test]
    fn what_is_no_account_is_refused_with_what_was_expected() {
        let folder = Folder::new("refused");
        for (text, said) in [("{}", "lacks UserDetailList"), ("{", "EOF"), (r#"{"RoleDetailList": 3}"#, "invalid type")]
        {
            let problem = Snapshot::read(&folder.file("x.json", text)).unwrap_err();
            assert!(problem.message.contains(said), "{}", problem.message);
            assert!(problem.message.contains("get-account-authorization-details"));
        }
        assert!(Snapshot::read(&folder.0).unwrap_err().message.contains("manifest.json"));
        assert!(Snapshot::read(&folder.0.join("missing")).is_err());
        folder.file("manifest.json", r#"{"version":2,"account":null,"partition":"aws","time":null,"calls":[]}"#);
        assert!(Snapshot::read(&folder.0).unwrap_err().message.contains("version 2"));
    }

    #[test]
    fn a_folder_is_read_as_it_was_written() {
        let folder = Folder::new("written");
        let target = folder.0.join("account");
        let error = CallError { code: Some("Throttling".into()), retryable: true, message: "slow down".into() };
        Snapshot::new(manifest(None), Some(EXPORT.into())).write(&target).unwrap();
        let denied = Snapshot::new(manifest(Some(error)), None);
        denied.write(&target).unwrap();
        let read = Snapshot::read(&target).unwrap();
        assert!(!read.has_details(), "the former answer is gone");
        assert_eq!((read.manifest.clone(), read.problems()), (denied.manifest.clone(), denied.problems()));
        assert!(read.add_to(&Sources::in_memory([])).is_none());
        let other = Folder::new("foreign");
        other.file("thesis.txt", "x");
        assert!(denied.write(&other.0).unwrap_err().message.contains("holds no snapshot"));
        assert!(!other.0.join("manifest.json").exists());
    }

    #[test]
    fn a_manifest_that_hides_its_loss_is_refused() {
        let folder = Folder::new("lost");
        Snapshot::new(manifest(None), Some(EXPORT.into())).write(&folder.0).unwrap();
        std::fs::remove_file(folder.0.join(DETAILS)).unwrap();
        assert!(Snapshot::read(&folder.0).unwrap_err().message.contains("is missing"));
    }

    #[test]
    fn several_accounts_get_paths_of_their_own() {
        let sources = Sources::in_memory([]);
        let snapshot = Snapshot::new(manifest(None), Some(EXPORT.into()));
        let paths: Vec<_> = (0..3).map(|_| snapshot.add_to(&sources).unwrap().path.to_string()).collect();
        let numbered = ["", "123456789012/", "123456789012-2/"].map(|folder| format!("{folder}{DETAILS}"));
        assert_eq!(paths, numbered);
        assert!(sources.is_walked(DETAILS));
    }

    #[test]
    fn a_file_of_the_repository_keeps_its_path() {
        let folder = Folder::new("repository");
        let snapshot = Snapshot::read(&folder.file("export.json", EXPORT)).unwrap();
        let sources = Sources::new(&folder.0);
        assert_eq!(&*snapshot.add_to(&sources).unwrap().path, "export.json");
        assert!(!snapshot.is_outside(&sources) && snapshot.is_outside(&Sources::in_memory([])));
        assert_eq!(&*snapshot.add_to(&Sources::in_memory([])).unwrap().path, DETAILS);
    }
}
