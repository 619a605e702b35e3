//! Tables of trust policies for build services.

use super::{Runs, of};
use crate::iam::public::tests::policy;

#[test]
fn build_services_and_repositories() {
    let hub = "token.actions.githubusercontent.com";
    for (provider, condition, expected) in [
        (hub, r#"{"StringEquals": {"HOST:aud": "sts.amazonaws.com"}}"#, "anyone"),
        (hub, r#"{"StringLike": {"HOST:sub": "repo:owner/name:*"}}"#, "named"),
        (hub, r#"{"StringLike": {"HOST:sub": ["repo:owner/name:*", "repo:owner/*"]}}"#, "organisation"),
        (hub, r#"{"StringLike": {"HOST:sub": ["repo:owner/name:*", "repo:other/name:*"]}}"#, "named"),
        (hub, r#"{"StringLike": {"HOST:sub": "*"}}"#, "anyone"),
        (hub, r#"{"StringLike": {"HOST:sub": "repo:*"}}"#, "anyone"),
        (hub, r#"{"StringLike": {"HOST:sub": "repo:owner*"}}"#, "anyone"),
        (hub, r#"{"StringLike": {"HOST:sub": "repo:owner*/name:*"}}"#, "anyone"),
        (hub, r#"{"StringLike": {"HOST:sub": "repo:owner/name*"}}"#, "organisation"),
        (hub, r#"{"StringLike": {"HOST:sub": "repo:owner/*:ref:refs/heads/main"}}"#, "organisation"),
        (hub, r#"{"StringLike": {"HOST:sub": "*:environment:production"}}"#, "anyone"),
        (hub, r#"{"StringLike": {"HOST:sub": "repo:owner/*"}, "StringEquals": {"HOST:repository_id": "1"}}"#, "named"),
        (
            hub,
            r#"{"StringLike": {"HOST:sub": "repo:*"}, "StringEquals": {"HOST:repository_owner_id": "1"}}"#,
            "organisation",
        ),
        (
            hub,
            r#"{"StringLike": {"HOST:sub": "repo:owner/*"}, "StringEquals": {"HOST:sub": "repo:owner/name:ref:x"}}"#,
            "named",
        ),
        (hub, r#"{"StringEquals": {"HOST:sub": "repo:owner/name:ref:refs/heads/main"}}"#, "named"),
        (hub, r#"{"StringEquals": {"HOST:sub": "repo:owner/*"}}"#, "none"),
        (hub, r#"{"StringNotLike": {"HOST:sub": "repo:owner/name:*"}}"#, "anyone"),
        (hub, r#"{"StringLike": {"HOST:sub": "repo:$Repository|:*"}}"#, "unknown"),
        (hub, r#"{"StringLike": {"HOST:sub": "$Subject"}}"#, "unknown"),
        (hub, r#"{"StringLike": {"HOST:sub": ["$Subject", "repo:owner/*"]}}"#, "organisation"),
        (hub, r#"{"ForAllValues:StringLike": {"HOST:sub": "repo:owner/name:*"}}"#, "named"),
        (hub, r#"{"StringLike": {"HOST:sub": "repository_id:1:*"}}"#, "none"),
        (hub, r#"{"StringLike": {"HOST:sub": ["repo:*", "repo:owner/name"]}}"#, "anyone"),
        (hub, r#"{"StringLike": {"HOST:sub": ["repo:owner/name", "repo:*"]}}"#, "anyone"),
        (hub, r#"{"StringLike": {"HOST:sub": ["repository_id:1:*", "repo:owner/*"]}}"#, "organisation"),
        (hub, r#"{"StringLike": {"HOST:sub": ["repo:owner/name", "repo:owner/name:*"]}}"#, "named"),
        (hub, r#"{"StringLike": {"HOST:sub": ["repository_id:1:*", "repo:owner/name:*"]}}"#, "unknown"),
        (hub, r#"{"StringLike": {"HOST:sub": "repo:owner/name"}}"#, "none"),
        ("gitlab.com", r#"{"StringLike": {"HOST:sub": "project_path:group/name:*"}}"#, "named"),
        ("gitlab.com", r#"{"StringLike": {"HOST:sub": "project_path:group/sub/name:*"}}"#, "named"),
        ("gitlab.com", r#"{"StringLike": {"HOST:sub": "project_path:group/*"}}"#, "organisation"),
        ("app.terraform.io", r#"{"StringLike": {"HOST:sub": "organization:o:*"}}"#, "organisation"),
        (
            "app.terraform.io",
            r#"{"StringLike": {"HOST:sub": "organization:o:project:*:workspace:w:run_phase:*"}}"#,
            "named",
        ),
        ("app.terraform.io", r#"{"StringLike": {"HOST:sub": "organization:*:workspace:w:*"}}"#, "anyone"),
        ("oidc.circleci.com/org/1", r#"{"StringLike": {"HOST:sub": "org/1/project/2/user/*"}}"#, "named"),
        ("oidc.circleci.com/org/1", r#"{"StringEquals": {"HOST:aud": "1"}}"#, "organisation"),
        ("agent.buildkite.com", r#"{"StringLike": {"HOST:sub": "organization:o:pipeline:p:*"}}"#, "named"),
        ("agent.buildkite.com", r#"{"StringLike": {"HOST:sub": "organization:o:*"}}"#, "organisation"),
        ("accounts.example.org", r#"{"StringLike": {"HOST:sub": "*"}}"#, "none"),
    ] {
        let condition = condition.replace("HOST", provider);
        let text = format!(
            r#"{{"Effect": "Allow", "Principal": {{"Federated": "arn:aws:iam::123456789012:oidc-provider/{provider}"}},
                "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {condition}}}"#
        );
        let shown = match of(&policy(&text).statements[0], &[]).map(|federation| federation.runs) {
            None => "none",
            Some(Err(_)) => "unknown",
            Some(Ok(Runs::Named)) => "named",
            Some(Ok(Runs::Organisation)) => "organisation",
            Some(Ok(Runs::Anyone)) => "anyone",
        };
        assert_eq!(shown, expected, "{condition}");
    }
}
