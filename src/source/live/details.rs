//! GetAccountAuthorizationDetails in the JSON form of the AWS CLI: the same keys in the same order, documents as objects.

use aws_sdk_iam::operation::get_account_authorization_details::GetAccountAuthorizationDetailsOutput;
use aws_sdk_iam::primitives::{DateTime, DateTimeFormat};
use aws_sdk_iam::types::{
    AttachedPermissionsBoundary, AttachedPolicy, GroupDetail, InstanceProfile, ManagedPolicyDetail, PolicyDetail,
    PolicyVersion, Role, RoleDetail, RoleLastUsed, Tag, UserDetail,
};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value};

/// The pages read so far, joined in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Details {
    users: Vec<Value>,
    groups: Vec<Value>,
    roles: Vec<Value>,
    policies: Vec<Value>,
}

impl Details {
    /// Appends a page.
    pub(super) fn add(&mut self, page: &GetAccountAuthorizationDetailsOutput) {
        self.users.extend(page.user_detail_list().iter().map(user));
        self.groups.extend(page.group_detail_list().iter().map(group));
        self.roles.extend(page.role_detail_list().iter().map(role));
        self.policies.extend(page.policies().iter().map(policy));
    }

    /// The text as `aws iam get-account-authorization-details` writes it, four blanks a level, so that each statement
    /// has lines of its own. `IsTruncated` stands in it only where pages are missing.
    pub(super) fn into_text(self, complete: bool) -> Result<String, serde_json::Error> {
        let whole = Object::new()
            .with("UserDetailList", Some(Value::Array(self.users)))
            .with("GroupDetailList", Some(Value::Array(self.groups)))
            .with("RoleDetailList", Some(Value::Array(self.roles)))
            .with("Policies", Some(Value::Array(self.policies)))
            .with("IsTruncated", (!complete).then_some(Value::Bool(true)));
        let mut bytes = Vec::new();
        whole.done().serialize(&mut Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"    ")))?;
        bytes.push(b'\n');
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn user(user: &UserDetail) -> Value {
    Object::new()
        .text("Path", user.path())
        .text("UserName", user.user_name())
        .text("UserId", user.user_id())
        .text("Arn", user.arn())
        .time("CreateDate", user.create_date())
        .list("UserPolicyList", user.user_policy_list.as_deref(), inline)
        .list("GroupList", user.group_list.as_deref(), |name| name.as_str().into())
        .list("AttachedManagedPolicies", user.attached_managed_policies.as_deref(), attached)
        .with("PermissionsBoundary", user.permissions_boundary().map(boundary))
        .list("Tags", user.tags.as_deref(), tag)
        .done()
}

fn group(group: &GroupDetail) -> Value {
    Object::new()
        .text("Path", group.path())
        .text("GroupName", group.group_name())
        .text("GroupId", group.group_id())
        .text("Arn", group.arn())
        .time("CreateDate", group.create_date())
        .list("GroupPolicyList", group.group_policy_list.as_deref(), inline)
        .list("AttachedManagedPolicies", group.attached_managed_policies.as_deref(), attached)
        .done()
}

fn role(role: &RoleDetail) -> Value {
    Object::new()
        .text("Path", role.path())
        .text("RoleName", role.role_name())
        .text("RoleId", role.role_id())
        .text("Arn", role.arn())
        .time("CreateDate", role.create_date())
        .with("AssumeRolePolicyDocument", role.assume_role_policy_document().map(document))
        .list("InstanceProfileList", role.instance_profile_list.as_deref(), instance_profile)
        .list("RolePolicyList", role.role_policy_list.as_deref(), inline)
        .list("AttachedManagedPolicies", role.attached_managed_policies.as_deref(), attached)
        .with("PermissionsBoundary", role.permissions_boundary().map(boundary))
        .list("Tags", role.tags.as_deref(), tag)
        .with("RoleLastUsed", role.role_last_used().map(last_used))
        .done()
}

fn policy(policy: &ManagedPolicyDetail) -> Value {
    Object::new()
        .text("PolicyName", policy.policy_name())
        .text("PolicyId", policy.policy_id())
        .text("Arn", policy.arn())
        .text("Path", policy.path())
        .text("DefaultVersionId", policy.default_version_id())
        .with("AttachmentCount", policy.attachment_count().map(Into::into))
        .with("PermissionsBoundaryUsageCount", policy.permissions_boundary_usage_count().map(Into::into))
        .with("IsAttachable", Some(policy.is_attachable().into()))
        .text("Description", policy.description())
        .time("CreateDate", policy.create_date())
        .time("UpdateDate", policy.update_date())
        .list("PolicyVersionList", policy.policy_version_list.as_deref(), version)
        .done()
}

fn version(version: &PolicyVersion) -> Value {
    Object::new()
        .with("Document", version.document().map(document))
        .text("VersionId", version.version_id())
        .with("IsDefaultVersion", Some(version.is_default_version().into()))
        .time("CreateDate", version.create_date())
        .done()
}

fn inline(policy: &PolicyDetail) -> Value {
    Object::new()
        .text("PolicyName", policy.policy_name())
        .with("PolicyDocument", policy.policy_document().map(document))
        .done()
}

fn attached(policy: &AttachedPolicy) -> Value {
    Object::new().text("PolicyName", policy.policy_name()).text("PolicyArn", policy.policy_arn()).done()
}

fn boundary(boundary: &AttachedPermissionsBoundary) -> Value {
    Object::new()
        .text("PermissionsBoundaryType", boundary.permissions_boundary_type().map(|kind| kind.as_str()))
        .text("PermissionsBoundaryArn", boundary.permissions_boundary_arn())
        .done()
}

fn tag(tag: &Tag) -> Value {
    Object::new().text("Key", Some(tag.key())).text("Value", Some(tag.value())).done()
}

fn last_used(used: &RoleLastUsed) -> Value {
    Object::new().time("LastUsedDate", used.last_used_date()).text("Region", used.region()).done()
}

fn instance_profile(profile: &InstanceProfile) -> Value {
    Object::new()
        .text("Path", Some(profile.path()))
        .text("InstanceProfileName", Some(profile.instance_profile_name()))
        .text("InstanceProfileId", Some(profile.instance_profile_id()))
        .text("Arn", Some(profile.arn()))
        .time("CreateDate", Some(profile.create_date()))
        .list("Roles", Some(profile.roles()), profile_role)
        .list("Tags", profile.tags.as_deref(), tag)
        .done()
}

fn profile_role(role: &Role) -> Value {
    Object::new()
        .text("Path", Some(role.path()))
        .text("RoleName", Some(role.role_name()))
        .text("RoleId", Some(role.role_id()))
        .text("Arn", Some(role.arn()))
        .time("CreateDate", Some(role.create_date()))
        .with("AssumeRolePolicyDocument", role.assume_role_policy_document().map(document))
        .text("Description", role.description())
        .with("MaxSessionDuration", role.max_session_duration().map(Into::into))
        .with("PermissionsBoundary", role.permissions_boundary().map(boundary))
        .list("Tags", role.tags.as_deref(), tag)
        .with("RoleLastUsed", role.role_last_used().map(last_used))
        .done()
}

/// A policy document, which the API gives percent-encoded (RFC 3986), as an object; the text itself where it is not
/// JSON, as the AWS CLI leaves it.
fn document(encoded: &str) -> Value {
    let text = percent_decode_str(encoded).decode_utf8_lossy();
    serde_json::from_str(&text).unwrap_or_else(|_| Value::String(text.into_owned()))
}

/// A map in the order of writing, without the keys that the API left out.
struct Object(Map<String, Value>);

impl Object {
    fn new() -> Self {
        Self(Map::new())
    }

    fn with(mut self, key: &str, value: Option<Value>) -> Self {
        self.0.extend(value.map(|value| (key.to_owned(), value)));
        self
    }

    fn text(self, key: &str, text: Option<&str>) -> Self {
        self.with(key, text.map(Into::into))
    }

    /// A time as the AWS CLI writes it: ISO 8601 with the offset `+00:00`, microseconds only where there are some.
    fn time(self, key: &str, time: Option<&DateTime>) -> Self {
        let text = time.and_then(|time| {
            let seconds = DateTime::from_secs(time.secs()).fmt(DateTimeFormat::DateTime).ok()?;
            let seconds = seconds.trim_end_matches('Z');
            Some(match time.subsec_nanos() / 1_000 {
                0 => format!("{seconds}+00:00"),
                micros => format!("{seconds}.{micros:06}+00:00"),
            })
        });
        self.with(key, text.map(Into::into))
    }

    fn list<T>(self, key: &str, items: Option<&[T]>, one: impl Fn(&T) -> Value) -> Self {
        self.with(key, items.map(|items| Value::Array(items.iter().map(one).collect())))
    }

    fn done(self) -> Value {
        Value::Object(self.0)
    }
}
