//! leastwise.toml: what a repository says of itself.

use crate::place;
use crate::rule::Severity;
use crate::source::{SourceFile, check_glob};
use std::collections::BTreeMap;
use std::str::FromStr;
use toml_edit::{Document, Item, Table};

/// The settings of a repository or project.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Profiles by name or file.
    pub profiles: Vec<String>,
    /// The severity that fails the run; the inner `None` is `never`.
    pub fail_on: Option<Option<Severity>>,
    /// Globs of files that are not judged.
    pub exclude: Vec<String>,
    /// Rule files and folders, relative to the file.
    pub rules: Vec<String>,
    /// Further tag keys that carry labels.
    pub label_keys: Vec<String>,
    /// Label values and the words of the classes that they stand for.
    pub label_values: BTreeMap<String, String>,
    /// Resource names (globs) and the words of the classes of their data.
    pub label_globs: BTreeMap<String, String>,
    /// For each label the countries that its data may lie in.
    pub areas: BTreeMap<String, Vec<String>>,
    /// Countries outside an area that are accepted.
    pub accepted: Vec<String>,
    /// The region that is deployed to.
    pub region: Option<String>,
    /// The stage.
    pub stage: Option<String>,
    /// Parameters and variables.
    pub parameters: BTreeMap<String, String>,
    /// A parameter file of the AWS CLI, relative to this file.
    pub parameter_file: Option<String>,
}

/// The classes of data, each with the words that stand for it, without regard to case.
pub const CLASSES: [(&str, &[&str]); 5] = [
    ("personal", &["personal", "pii", "personal-data"]),
    ("phi", &["phi", "health", "hipaa"]),
    ("pci", &["pci", "cardholder"]),
    ("internal", &["internal", "confidential", "restricted"]),
    ("none", &["public", "none"]),
];

const TOP: &[&str] = &["profiles", "fail-on", "exclude", "rules", "labels", "areas", "deploy"];
const LABELS: &[&str] = &["keys", "values", "globs"];
const AREAS: &[&str] = &["personal", "phi", "pci", "internal", "accepted"];
const DEPLOY: &[&str] = &["region", "stage", "parameters"];

/// Reads a leastwise.toml; the error names the line and, for an unknown key, the nearest known one.
pub fn parse(file: &SourceFile) -> Result<Config, String> {
    let document = Document::parse(file.text.as_str()).map_err(|error| {
        let line = error.span().map_or(1, |span| line(file, span.start));
        format!("{}:{line}: {}", file.path, error.message())
    })?;
    let reader = Reader { file };
    let root = document.as_table();
    reader.known(root, TOP, "")?;
    let mut config = Config {
        profiles: reader.strings(root, "profiles")?,
        exclude: reader.words(root, "exclude", check_glob)?,
        rules: reader.strings(root, "rules")?,
        ..Config::default()
    };
    if let Some(word) = reader.string(root, "fail-on")? {
        let severity = if word == "never" { Ok(None) } else { Severity::from_str(&word).map(Some) };
        let span = root.get("fail-on").and_then(Item::span);
        config.fail_on = Some(severity.map_err(|error| reader.fault(span, &format!("fail-on: {error}, or never")))?);
    }
    if let Some(labels) = reader.table(root, "labels")? {
        reader.known(labels, LABELS, "labels.")?;
        config.label_keys = reader.strings(labels, "keys")?;
        config.label_values = reader.map(labels, "values")?;
        config.label_globs = reader.map(labels, "globs")?;
        reader.classes(labels, "values", &BTreeMap::new())?;
        reader.classes(labels, "globs", &config.label_values)?;
    }
    if let Some(areas) = reader.table(root, "areas")? {
        reader.known(areas, AREAS, "areas.")?;
        config.accepted = reader.words(areas, "accepted", place::check_country)?;
        for label in AREAS.iter().filter(|label| **label != "accepted" && areas.contains_key(label)) {
            config.areas.insert((*label).to_owned(), reader.words(areas, label, place::check_place)?);
        }
    }
    if let Some(deploy) = reader.table(root, "deploy")? {
        reader.known(deploy, DEPLOY, "deploy.")?;
        config.region = reader.string(deploy, "region")?;
        if let Some(region) = &config.region {
            let span = deploy.get("region").and_then(Item::span);
            place::check_region(region).map_err(|error| reader.fault(span, &format!("region: {error}")))?;
        }
        config.stage = reader.string(deploy, "stage")?;
        match deploy.get("parameters").and_then(Item::as_str) {
            Some(file) => config.parameter_file = Some(file.strip_prefix("file://").unwrap_or(file).to_owned()),
            None => config.parameters = reader.map(deploy, "parameters")?,
        }
    }
    Ok(config)
}

struct Reader<'a> {
    file: &'a SourceFile,
}

impl Reader<'_> {
    fn known(&self, table: &Table, keys: &[&str], prefix: &str) -> Result<(), String> {
        for (key, item) in table {
            if !keys.contains(&key) {
                let keys: Vec<String> = keys.iter().map(|known| format!("{prefix}{known}")).collect();
                let nearest = nearest(keys.iter().map(String::as_str), &format!("{prefix}{key}"));
                let span = table.key(key).and_then(toml_edit::Key::span).or_else(|| item.span());
                return Err(self.fault(span, &format!("unknown key `{prefix}{key}`{nearest}")));
            }
        }
        Ok(())
    }

    /// Whether each value is the word of a class, or one of the user's own words.
    fn classes(&self, labels: &Table, key: &str, own: &BTreeMap<String, String>) -> Result<(), String> {
        let members = labels.get(key).and_then(Item::as_table_like);
        for (name, item) in members.into_iter().flat_map(toml_edit::TableLike::iter) {
            let word = item.as_str().unwrap_or_default().trim().to_lowercase();
            let mut known = CLASSES.iter().flat_map(|(_, words)| words.iter().copied());
            if !known.any(|known| known == word) && !own.keys().any(|known| known.to_lowercase() == word) {
                let words = CLASSES.iter().flat_map(|(_, words)| words.iter().copied());
                let nearest = nearest(words.chain(own.keys().map(String::as_str)), &word);
                let message = format!("`labels.{key}.{name}` is no class of data: `{word}`{nearest}");
                return Err(self.fault(item.span(), &message));
            }
        }
        Ok(())
    }

    fn table<'t>(&self, table: &'t Table, key: &str) -> Result<Option<&'t Table>, String> {
        let Some(item) = table.get(key) else { return Ok(None) };
        let fault = || self.fault(item.span(), &format!("`{key}` is a table: write [{key}]"));
        item.as_table().map(Some).ok_or_else(fault)
    }

    fn string(&self, table: &Table, key: &str) -> Result<Option<String>, String> {
        let Some(item) = table.get(key) else { return Ok(None) };
        let fault = || self.fault(item.span(), &format!("`{key}` is a string"));
        item.as_str().map(|text| Some(text.to_owned())).ok_or_else(fault)
    }

    fn strings(&self, table: &Table, key: &str) -> Result<Vec<String>, String> {
        let Some(item) = table.get(key) else { return Ok(Vec::new()) };
        let fault = || self.fault(item.span(), &format!("`{key}` is a list of strings"));
        let array = item.as_array().ok_or_else(fault)?;
        array.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(fault)).collect()
    }

    /// A list of strings that each pass a check.
    fn words(
        &self,
        table: &Table,
        key: &str,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Result<Vec<String>, String> {
        let words = self.strings(table, key)?;
        let array = table.get(key).and_then(Item::as_array);
        for (word, value) in words.iter().zip(array.into_iter().flatten()) {
            check(word).map_err(|error| self.fault(value.span(), &format!("{key}: {error}")))?;
        }
        Ok(words)
    }

    fn map(&self, table: &Table, key: &str) -> Result<BTreeMap<String, String>, String> {
        let Some(item) = table.get(key) else { return Ok(BTreeMap::new()) };
        let fault = || self.fault(item.span(), &format!("`{key}` is a table of strings"));
        let members = item.as_table_like().ok_or_else(fault)?;
        let text = |item: &Item| match item.as_value() {
            Some(toml_edit::Value::String(text)) => Some(text.value().clone()),
            Some(toml_edit::Value::Integer(number)) => Some(number.value().to_string()),
            Some(toml_edit::Value::Boolean(value)) => Some(value.value().to_string()),
            _ => None,
        };
        members.iter().map(|(key, item)| Ok((key.to_owned(), text(item).ok_or_else(fault)?))).collect()
    }

    fn fault(&self, span: Option<std::ops::Range<usize>>, message: &str) -> String {
        let line = span.map_or(1, |span| line(self.file, span.start));
        format!("{}:{line}: {message}", self.file.path)
    }
}

fn nearest<'a>(known: impl Iterator<Item = &'a str>, word: &str) -> String {
    let near = known.max_by(|a, b| strsim::jaro_winkler(a, word).total_cmp(&strsim::jaro_winkler(b, word)));
    near.map_or(String::new(), |near| format!("; did you mean `{near}`?"))
}

fn line(file: &SourceFile, offset: usize) -> u32 {
    file.position(u32::try_from(offset).unwrap_or(u32::MAX)).0
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::source::Sources;

    fn read(text: &str) -> Result<super::Config, String> {
        parse(&Sources::in_memory([("leastwise.toml", text)]).open("leastwise.toml").unwrap())
    }

    #[test]
    fn all_keys_are_read() {
        let config = read(
            "profiles = ['gdpr']\nfail-on = 'never'\nexclude = ['x/**']\n[labels]\nkeys = ['class']\n\
             values = { secretish = 'phi' }\n[areas]\nphi = ['US']\naccepted = ['CH']\n\
             [deploy]\nregion = 'eu-west-1'\nparameters = { N = 3 }\n",
        )
        .unwrap();
        assert_eq!(config.fail_on, Some(None));
        assert_eq!(config.areas["phi"], ["US"]);
        assert_eq!(config.label_values["secretish"], "phi");
        assert_eq!(config.parameters["N"], "3");
        let config = read("[deploy]\nparameters = 'file://infra/prod.json'\n").unwrap();
        assert_eq!(config.parameter_file.as_deref(), Some("infra/prod.json"));
    }

    #[test]
    fn faults_name_line_and_nearest_key() {
        assert_eq!(
            read("\nprofile = ['gdpr']").unwrap_err(),
            "leastwise.toml:2: unknown key `profile`; did you mean `profiles`?"
        );
        assert_eq!(
            read("[deploy]\nregio = 'x'").unwrap_err(),
            "leastwise.toml:2: unknown key `deploy.regio`; did you mean `deploy.region`?"
        );
        assert!(read("fail-on = 'bad'").unwrap_err().contains("not a severity"));
        assert!(read("profiles = 'gdpr'").unwrap_err().contains("list of strings"));
        assert_eq!(
            read("[labels]\nvalues = { kunden = 'personnal' }").unwrap_err(),
            "leastwise.toml:2: `labels.values.kunden` is no class of data: `personnal`; did you mean `personal`?"
        );
        let own = "[labels.values]\nkunden = 'PII'\n[labels.globs]\n";
        assert!(read(&format!("{own}'crm-*' = 'Kunden'")).is_ok());
        let near = read(&format!("{own}'crm-*' = 'kundn'")).unwrap_err();
        assert!(
            near.ends_with(
                "leastwise.toml:4: `labels.globs.crm-*` is no class of data: `kundn`; did you mean `kunden`?"
            ),
            "{near}"
        );
        assert!(read("a = ").unwrap_err().starts_with("leastwise.toml:1:"));
    }

    #[test]
    fn words_that_mean_nothing_are_refused_at_their_line() {
        for (text, error) in [
            ("\nfail-on = 'hgh'", "2: fail-on: `hgh` is not a severity"),
            ("[deploy]\nregion = 'eu-wst-1'", "2: region: `eu-wst-1` is no region; did you mean `eu-west-1`?"),
            ("[areas]\naccepted = ['CH',\n'UK']", "3: accepted: `UK` is no country code; did you mean `GB`?"),
            (
                "[areas]\nphi = ['Germany']",
                "2: phi: `Germany` is neither a country code nor EU or EEA; did you mean `DE`?",
            ),
            ("exclude = ['a/**',\n'b[']", "2: exclude: `b[` is no glob"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.starts_with(&format!("leastwise.toml:{error}")), "{said}");
        }
    }
}
