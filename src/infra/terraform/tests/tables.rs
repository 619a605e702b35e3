//! What the rows of data/terraform can say.

use super::read_text;
use crate::syntax::{UnknownKind, Value};

#[test]
fn attributes_become_items_of_a_list_of_keys() {
    let read = read_text(
        r#"
resource "aws_alb_target_group" "t" {
  deregistration_delay = 30
  stickiness {
    type    = "app_cookie"
    enabled = true
  }
  target_group_health {
    dns_failover {
      minimum_healthy_targets_count = "2"
    }
  }
}
resource "aws_lb_listener" "l" {
  routing_http_response_server_enabled = false
}
"#,
    );
    let items = |id: &str, path: &str| {
        let items = read.at(id, path).unwrap().items().iter();
        items.map(|item| format!("{}={}", item.get("Key").unwrap(), item.get("Value").unwrap())).collect::<Vec<_>>()
    };
    let expected = [
        "deregistration_delay.timeout_seconds=30",
        "stickiness.type=app_cookie",
        "stickiness.enabled=true",
        "target_group_health.dns_failover.minimum_healthy_targets.count=2",
    ];
    assert_eq!(items("aws_alb_target_group.t", "TargetGroupAttributes"), expected);
    assert_eq!(items("aws_lb_listener.l", "ListenerAttributes"), ["routing.http.response.server.enabled=false"]);
}

#[test]
fn each_item_of_a_list_is_wrapped_by_itself() {
    let read = read_text(
        r#"
resource "aws_cloudfront_function" "f" {
  key_value_store_associations = ["arn:aws:cloudfront::111122223333:key-value-store/a", "b"]
}
resource "aws_lb_listener" "l" {
  certificate_arn = "c"
}
"#,
    );
    let wrapped = |id: &str, path: &str, key: &str| {
        let items = read.at(id, path).unwrap().items().iter();
        items.map(|item| item.get(key).unwrap().to_string()).collect::<Vec<_>>()
    };
    let stores = wrapped("aws_cloudfront_function.f", "FunctionConfig.KeyValueStoreAssociations", "KeyValueStoreARN");
    assert_eq!(stores, ["arn:aws:cloudfront::111122223333:key-value-store/a", "b"]);
    assert_eq!(wrapped("aws_lb_listener.l", "Certificates", "CertificateArn"), ["c"]);
}

#[test]
fn defaults_of_blocks_stand_in_the_block() {
    let read = read_text(
        r#"
resource "aws_cloudfront_distribution" "without" {
  viewer_certificate {
    acm_certificate_arn = "c"
  }
}
resource "aws_cloudfront_distribution" "with" {
  viewer_certificate {
    acm_certificate_arn      = "c"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}
resource "aws_cloudfront_distribution" "none" {
}
"#,
    );
    let path = "DistributionConfig.ViewerCertificate.MinimumProtocolVersion";
    read.check("aws_cloudfront_distribution.without", path, "TLSv1");
    read.check("aws_cloudfront_distribution.with", path, "TLSv1.2_2021");
    read.check("aws_cloudfront_distribution.none", path, "nothing");
}

#[test]
fn what_cannot_be_said_is_not_known_and_not_absent() {
    let read = read_text(
        r#"
resource "aws_sns_topic" "t" {
  sqs_failure_feedback_role_arn = "r"
}
resource "aws_kms_key" "k" {
  custom_key_store_id = "cks-1"
}
"#,
    );
    for (id, property) in [("aws_sns_topic.t", "DeliveryStatusLogging"), ("aws_kms_key.k", "Origin")] {
        let value = &read.at(id, property).unwrap().value;
        assert!(matches!(value, Value::Unknown(reason) if reason.kind == UnknownKind::NotMapped), "{id}: {value:?}");
    }
}
