//! What a call is done to, as ARNs: from the parameters in the code, over the function's environment, to resources of
//! the project or names.
//!
//! An ARN is a [`Node`]: text, the pseudo parameters that every account fills, `${Resource.Arn}` for the whole ARN of a
//! resource of the project, `${Resource}` for its name, and `*` for what is not known.

mod special;
mod table;

pub(super) use table::Own;

use crate::iam::action::Action;
use crate::iam::{arn, scope};
use crate::model::{Project, Resource, Text};
use crate::syntax::{Node, Part, Reference, Unknown, UnknownKind, Value};
use std::sync::Arc;
use table::Row;

/// The targets of a call: parameter and value.
pub(super) type Targets = [(Arc<str>, Text)];

/// Finds out what the calls of one function are done to.
pub(super) struct Finder<'a> {
    /// The project.
    pub(super) project: &'a Project,
    /// The function, whose environment names resources.
    pub(super) function: &'a Resource,
}

/// The call whose targets are asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The operation by its API name.
    pub(super) operation: &'a str,
    /// Parameters and values.
    pub(super) targets: &'a Targets,
    /// The region, as far as the client says: a pseudo parameter, a name or `*`.
    pub(super) region: &'a Part,
}

/// The pseudo parameter of a name.
pub(super) fn pseudo(name: &str) -> Part {
    Part::Unknown(Unknown::new(UnknownKind::Pseudo, name))
}

/// The ARN of a resource of the project, as its own words give it.
pub(super) fn own_arn(resource: &Resource) -> Part {
    Part::Reference(Reference { resource: resource.id.clone(), attribute: "Arn".into() })
}

/// The ARN of a resource put together from its name; its name is `${Resource}` where it is not written.
///
/// `None` for a type whose ARN is not known.
pub(super) fn composed_arn(resource: &Resource) -> Option<Vec<Part>> {
    let row = table::of_kind(&resource.kind)?;
    let name = name(resource, row);
    Some(fill(row.arn, &pseudo("AWS::Region"), &|_| trimmed(row, name.clone())))
}

/// How CloudFormation gives the ARN of a type; `None` for a type whose ARN is not known.
pub(super) fn own(kind: &str) -> Option<Own> {
    table::of_kind(kind).map(|row| row.own)
}

/// The name of a resource where it is written in full.
pub(super) fn own_name(resource: &Resource) -> Option<&str> {
    let row = table::of_kind(&resource.kind).filter(|row| !row.name.is_empty())?;
    resource.property(row.name)?.as_text()
}

fn name(resource: &Resource, row: &Row) -> Vec<Part> {
    let written = resource.property(row.name).filter(|_| !row.name.is_empty()).and_then(Node::parts);
    let known = |parts: &Vec<Part>| parts.iter().all(|part| !matches!(part, Part::Unknown(why) if !is_given(why)));
    let itself = || vec![Part::Reference(Reference { resource: resource.id.clone(), attribute: "".into() })];
    written.filter(known).unwrap_or_else(itself)
}

/// Whether the reason is one that a template's own words can stand for: a parameter, or what Terraform looks up.
fn is_given(reason: &Unknown) -> bool {
    let looked_up = |what: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']');
        what.starts_with("data.") && what.chars().all(plain)
    };
    match reason.kind {
        UnknownKind::Parameter | UnknownKind::Pseudo => true,
        _ => looked_up(&reason.what),
    }
}

/// The ARN with values put in for `${…}`: the usual ones, and what `other` says of the rest.
pub(super) fn fill(arn: &str, region: &Part, other: &dyn Fn(&str) -> Vec<Part>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = arn;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else { break };
        parts.push(Part::Literal(before.into()));
        match name {
            "Partition" => parts.push(pseudo("AWS::Partition")),
            "Region" => parts.push(region.clone()),
            "Account" => parts.push(pseudo("AWS::AccountId")),
            _ => parts.extend(other(name)),
        }
        rest = behind;
    }
    parts.push(Part::Literal(rest.into()));
    parts
}

/// Anything.
pub(super) fn star() -> Vec<Part> {
    vec![Part::Literal("*".into())]
}

/// A name as it stands in the ARN: parameters of SSM lose their leading slash.
fn trimmed(row: &Row, mut name: Vec<Part>) -> Vec<Part> {
    if row.iam.0 == "ssm"
        && let Some(Part::Literal(text)) = name.first_mut()
        && let Some(rest) = text.strip_prefix('/')
    {
        *text = rest.into();
    }
    name
}

impl<'a> Finder<'a> {
    /// The ARNs that an action of a call must be allowed on.
    pub(super) fn resources(&self, asked: Asked<'_>, action: Action) -> Vec<Node> {
        let found = match special::resources(self, asked, action) {
            Some(found) => found,
            None => self.usual(asked, action),
        };
        let span = self.function.span;
        let mut nodes: Vec<Node> = found.into_iter().map(|parts| Node::template(parts, span)).collect();
        let mut seen: Vec<String> = Vec::new();
        nodes.retain(|node| {
            let text = node.to_string();
            let new = !seen.contains(&text);
            seen.push(text);
            new
        });
        nodes
    }

    /// The ARN that a property of the template names, for an action on it; `*` in it for what is not known.
    pub(super) fn of_property(&self, action: Action, parameter: &str, node: &Node) -> Node {
        let region = pseudo("AWS::Region");
        let asked = Asked { operation: "", targets: &[], region: &region };
        let types = action.resource_types();
        let object = types.iter().any(|(kind, _)| (action.service(), kind.name) == ("s3", "object"));
        let name = |kind: &str| if object { "bucket".to_owned() } else { kind.to_owned() };
        let row = types.iter().find_map(|(kind, _)| table::of_iam(action.service(), &name(kind.name)).next());
        let mut parts = row.map_or_else(star, |row| self.of_node(row, asked, parameter, node));
        if object {
            parts.push(Part::Literal("/*".into()));
        }
        Node::template(parts, node.span)
    }

    /// The ARN of the function's log group, without what follows its name.
    pub(super) fn own_logs(&self) -> Vec<Part> {
        special::own_logs(self)
    }

    fn usual(&self, asked: Asked<'_>, action: Action) -> Vec<Vec<Part>> {
        if !scope::is_bound_to_resource(action) {
            return vec![star()];
        }
        let types = action.resource_types();
        let required: Vec<_> = types.iter().filter(|(_, required)| *required).collect();
        let wanted = if required.is_empty() { types.iter().collect() } else { required };
        let mut found = Vec::new();
        for (kind, _) in &wanted {
            let rows = || table::of_iam(action.service(), kind.name);
            let named: Vec<Vec<Part>> = rows().flat_map(|row| self.named(asked, row)).collect();
            if named.is_empty() && rows().next().is_none() {
                found.extend(self.by_shape(asked, kind.arn));
            } else {
                found.extend(named);
            }
        }
        if !found.is_empty() {
            return found;
        }
        // Of types that are alternatives those are taken that code names.
        let known = wanted.iter().filter(|(kind, _)| table::of_iam(action.service(), kind.name).next().is_some());
        let known: Vec<_> = known.collect();
        let all = if known.is_empty() { wanted.iter().collect() } else { known };
        all.iter().map(|(kind, _)| self.any(kind.arn, asked)).collect()
    }

    /// Every resource of a type.
    fn any(&self, arn: &str, asked: Asked<'_>) -> Vec<Part> {
        fill(arn, asked.region, &|_| star())
    }

    /// The ARNs that the call's parameters name by a row of the table.
    fn named(&self, asked: Asked<'_>, row: &Row) -> Vec<Vec<Part>> {
        let named = |name: &str| row.parameters.iter().any(|known| known.eq_ignore_ascii_case(name));
        let texts = asked.targets.iter().filter(|(name, _)| named(name));
        texts.flat_map(|(name, text)| self.arns(row, asked, name, text)).collect()
    }

    /// The ARNs that one value names.
    fn arns(&self, row: &Row, asked: Asked<'_>, parameter: &str, text: &Text) -> Vec<Vec<Part>> {
        let span = self.function.span;
        match text {
            Text::Literal(text) => vec![self.of_node(row, asked, parameter, &Node::string(text.clone(), span))],
            Text::Environment(_) => {
                let found = self.values(text).into_iter();
                let arns: Vec<_> = found.map(|node| self.of_node(row, asked, parameter, &node)).collect();
                if arns.is_empty() { vec![self.any(row.arn, asked)] } else { arns }
            }
            Text::Prefix(prefix) if prefix.starts_with("arn:") => {
                let whole = prefix.matches(':').count() >= 5;
                let wide = || self.any(row.arn, asked);
                vec![if whole { vec![Part::Literal(format!("{prefix}*").into())] } else { wide() }]
            }
            Text::Prefix(prefix) if !prefix.contains("://") => {
                let name = vec![Part::Literal(format!("{prefix}*").into())];
                vec![fill(row.arn, asked.region, &|_| trimmed(row, name.clone()))]
            }
            Text::Prefix(_) | Text::Unknown => vec![self.any(row.arn, asked)],
        }
    }

    /// Each value that a text has by the function's environment; a literal is its own.
    pub(super) fn values(&self, text: &Text) -> Vec<Node> {
        let mut found = Vec::new();
        match text {
            Text::Literal(text) => found.push(Node::string(text.clone(), self.function.span)),
            Text::Environment(name) => {
                let node = self.function.property("Environment.Variables").and_then(|variables| variables.get(name));
                outcomes(node, &mut found);
            }
            _ => {}
        }
        found
    }

    /// The ARN that a value names: of a resource of the project, of an ARN or address as it is written, of a name.
    fn of_node(&self, row: &Row, asked: Asked<'_>, parameter: &str, node: &Node) -> Vec<Part> {
        if let Some(parts) = self.of_project(row, node) {
            return parts;
        }
        let parts = node.parts().unwrap_or_default();
        match parts.as_slice() {
            [Part::Literal(text)] => self.of_text(row, asked, text),
            [Part::Literal(start), ..] if start.starts_with("arn:") => parts,
            [Part::Unknown(reason)] => {
                let arn = |name: &str| name.to_ascii_lowercase().ends_with("arn");
                // A key is given by its id, its ARN or an alias: only a name that says which one can be used.
                let vague = row.iam.0 == "kms" && !reason.what.to_ascii_lowercase().ends_with("id");
                if !is_given(reason) || parameter.to_ascii_lowercase().ends_with("url") || vague && !arn(&reason.what) {
                    self.any(row.arn, asked)
                } else if arn(parameter) || arn(&reason.what) {
                    parts
                } else {
                    fill(row.arn, asked.region, &|_| parts.clone())
                }
            }
            // What belongs to another resource is no name of this kind.
            _ if parts.iter().any(|part| !matches!(part, Part::Literal(_) | Part::Unknown(_))) => {
                self.any(row.arn, asked)
            }
            [Part::Literal(start), ..] if start.contains("://") => self.any(row.arn, asked),
            [] => self.any(row.arn, asked),
            _ => fill(row.arn, asked.region, &|_| trimmed(row, parts.clone())),
        }
    }

    /// The ARN of the resource of the project that a value names, by reference or by name.
    fn of_project(&self, row: &Row, node: &Node) -> Option<Vec<Part>> {
        if !names_one_thing(node) {
            return None;
        }
        if row.kind == "AWS::Lambda::Function" {
            let function = self.project.function(node)?;
            let own = own_arn(function);
            let direct = self.project.named_of(node, |kind| kind == row.kind).is_some();
            let qualified = vec![own.clone(), Part::Literal(":*".into())];
            return Some(if direct { vec![own] } else { qualified });
        }
        if row.kind == "AWS::KMS::Key"
            && let Some(alias) = self.project.named_of(node, |kind| kind == "AWS::KMS::Alias")
        {
            return self.of_project(row, alias.property("TargetKeyId")?);
        }
        let resource = self.project.named_of(node, |kind| row.fits(kind))?;
        Some(match row.own {
            Own::None => fill(row.arn, &pseudo("AWS::Region"), &|_| trimmed(row, name(resource, row))),
            _ => vec![own_arn(resource)],
        })
    }

    fn of_text(&self, row: &Row, asked: Asked<'_>, text: &str) -> Vec<Part> {
        let literal = |text: String| vec![Part::Literal(text.into())];
        let named = |name: &str| fill(row.arn, asked.region, &|_| trimmed(row, literal(name.to_owned())));
        match row.iam {
            ("secretsmanager", _) if text.starts_with("arn:") => literal(with_suffix(text)),
            _ if text.starts_with("arn:") => literal(text.to_owned()),
            // https://sqs.eu-west-1.amazonaws.com/111122223333/orders
            ("sqs", _) if text.contains("://") => address(text).map_or_else(|| self.any(row.arn, asked), literal),
            ("kms", _) if text.starts_with("alias/") => self.any(row.arn, asked),
            // 111122223333:function:name is a partial ARN.
            ("lambda", _) => named(text.rsplit_once("function:").map_or(text, |(_, name)| name)),
            _ if text.is_empty() || text.contains("://") => self.any(row.arn, asked),
            _ => named(text),
        }
    }

    /// The ARN of a type that the table lacks, with the parameters that bear the names of its parts.
    fn by_shape(&self, asked: Asked<'_>, arn: &str) -> Option<Vec<Part>> {
        let service = arn.split(':').nth(2)?;
        let start = arn.splitn(6, ':').nth(5)?.split("${").next()?;
        let literal = |text: &Text| match self.values(text).as_slice() {
            [only] => only.as_text().map(str::to_owned),
            _ => None,
        };
        for (_, text) in asked.targets {
            let Some(text) = literal(text).filter(|text| text.starts_with("arn:")) else { continue };
            let mut segments = text.splitn(6, ':').skip(2);
            if segments.next() == Some(service) && segments.nth(2).is_some_and(|rest| rest.starts_with(start)) {
                return Some(vec![Part::Literal(text.into())]);
            }
        }
        let of = |variable: &str| {
            let (_, text) = asked.targets.iter().find(|(name, _)| name.eq_ignore_ascii_case(variable))?;
            literal(text).filter(|text| !text.is_empty() && !text.contains([':', '/']))
        };
        let named = std::cell::Cell::new(false);
        let parts = fill(arn, asked.region, &|variable| match of(variable) {
            Some(text) => {
                named.set(true);
                vec![Part::Literal(text.into())]
            }
            None => star(),
        });
        named.get().then_some(parts)
    }
}

/// Every value that a node may have, as far as its conditions go.
fn outcomes(node: Option<&Node>, found: &mut Vec<Node>) {
    match node.map(|node| &node.value) {
        None | Some(Value::Absent | Value::Null) => {}
        Some(Value::Either { then, otherwise, .. }) => {
            outcomes(Some(then), found);
            outcomes(Some(otherwise), found);
        }
        Some(_) => found.extend(node.cloned()),
    }
}

/// Whether a value is a name, an ARN or an address of one thing, and not a name that is made with another's.
fn names_one_thing(node: &Node) -> bool {
    match node.parts().as_deref() {
        Some([Part::Reference(_)] | [Part::Literal(_)] | [Part::Unknown(_)]) => true,
        Some([before @ .., Part::Reference(_)]) => {
            matches!(before.last(), Some(Part::Literal(text)) if text.ends_with([':', '/']))
        }
        Some(parts) => !parts.iter().any(|part| matches!(part, Part::Reference(_))),
        None => false,
    }
}

/// The ARN of a secret ends in a hyphen and six characters that Secrets Manager adds; code may leave them out.
fn with_suffix(arn: &str) -> String {
    let tail = arn.rsplit_once('-').map_or("", |(_, tail)| tail);
    let added = tail.len() == 6 && tail.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if added || arn.ends_with('*') { arn.to_owned() } else { format!("{arn}-??????") }
}

/// The ARN of the queue at an address.
fn address(url: &str) -> Option<String> {
    let mut parts = url.split("://").nth(1)?.split('/');
    let (host, account, name) = (parts.next()?, parts.next()?, parts.next()?);
    let region = host.strip_prefix("sqs.")?.split('.').next()?;
    Some(format!("arn:{}:sqs:{region}:{account}:{name}", arn::partition_of(region)))
}
