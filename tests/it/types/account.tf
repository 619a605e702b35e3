# without: AWS::CloudTrail::EventDataStore federation.enabled
variable "open" {
  type = string
}

resource "aws_organizations_organization" "plain_organization" {
}

resource "aws_organizations_organization" "full_organization" {
  feature_set                   = "CONSOLIDATED_BILLING"
  aws_service_access_principals = ["cloudtrail.amazonaws.com"]
}

resource "aws_organizations_account" "plain_account" {
  name  = "a"
  email = "a@example.com"
}

resource "aws_organizations_account" "full_account" {
  name      = "a"
  email     = "a@example.com"
  parent_id = "ou-a1b2-c3d4e5f6"
  role_name = "Admin"
}

resource "aws_organizations_organizational_unit" "plain_unit" {
  name      = "a"
  parent_id = "ou-a1b2-c3d4e5f6"
}

resource "aws_organizations_organizational_unit" "full_unit" {
  name      = "a"
  parent_id = "r-a1b2"
}

resource "aws_organizations_policy" "plain_guardrail" {
  name    = "a"
  content = jsonencode({ Statement = [] })
}

resource "aws_organizations_policy" "full_guardrail" {
  name = "a"
  type = "RESOURCE_CONTROL_POLICY"
  content = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:RequestedRegion" = ["eu-west-1"] } }
    }]
  })
}

resource "aws_organizations_policy_attachment" "root" {
  policy_id = aws_organizations_policy.full_guardrail.id
  target_id = "r-a1b2"
}

resource "aws_organizations_resource_policy" "plain_delegation" {
  content = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "111122223333" }
      Action    = "organizations:ListAccounts"
      Resource  = "*"
    }]
  })
}

resource "aws_organizations_resource_policy" "full_delegation" {
  content = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "organizations:ListAccounts", Resource = "*" },
      { Effect = "Allow", Principal = { AWS = "111122223333" }, Action = "organizations:ListRoots", Resource = "*" },
    ]
  })
}

resource "aws_cloudtrail" "plain_trail" {
  name           = "plain"
  s3_bucket_name = "b"
}

resource "aws_cloudtrail" "full_trail" {
  name                          = "full"
  cloud_watch_logs_group_arn    = "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*"
  enable_log_file_validation    = true
  enable_logging                = false
  include_global_service_events = false
  is_multi_region_trail         = true
  is_organization_trail         = true
  kms_key_id                    = "arn:aws:kms:eu-west-1:111122223333:key/k"
  s3_bucket_name                = "b"
  sns_topic_name                = "t"
  event_selector {
    read_write_type = "WriteOnly"
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
  insight_selector {
    insight_type = "ApiCallRateInsight"
  }
}

resource "aws_cloudtrail" "field_trail" {
  name           = "field"
  s3_bucket_name = "b"
  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }
  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }
    field_selector {
      field  = "resources.type"
      equals = ["AWS::Lambda::Function"]
    }
  }
}

resource "aws_cloudtrail" "open_trail" {
  name                  = "open"
  is_multi_region_trail = var.open
  s3_bucket_name        = "b"
  event_selector {
    data_resource {
      type   = var.open
      values = []
    }
  }
}

resource "aws_cloudtrail_event_data_store" "plain_store" {
  name = "plain"
}

resource "aws_cloudtrail_event_data_store" "full_store" {
  name                           = "full"
  billing_mode                   = "FIXED_RETENTION_PRICING"
  kms_key_id                     = "arn:aws:kms:eu-west-1:111122223333:key/k"
  multi_region_enabled           = false
  organization_enabled           = true
  retention_period               = 90
  suspend                        = true
  termination_protection_enabled = false
}

resource "aws_config_configuration_recorder" "plain_recorder" {
  role_arn = "r"
}

resource "aws_config_configuration_recorder" "full_recorder" {
  name     = "full"
  role_arn = "r"
  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
  recording_mode {
    recording_frequency = "DAILY"
  }
}

resource "aws_config_configuration_recorder_status" "on" {
  name       = aws_config_configuration_recorder.full_recorder.name
  is_enabled = true
}

resource "aws_config_configuration_recorder" "some_recorder" {
  name     = "some"
  role_arn = "r"
  recording_group {
    all_supported  = false
    resource_types = ["AWS::S3::Bucket"]
  }
  recording_mode {
    recording_frequency = "CONTINUOUS"
  }
}

resource "aws_config_configuration_recorder_status" "off" {
  name       = aws_config_configuration_recorder.some_recorder.name
  is_enabled = false
}

resource "aws_config_delivery_channel" "plain_channel" {
  s3_bucket_name = "b"
  snapshot_delivery_properties {
    delivery_frequency = "One_Hour"
  }
}

resource "aws_config_delivery_channel" "full_channel" {
  s3_bucket_name = "b"
  s3_kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/k"
  sns_topic_arn  = "t"
  snapshot_delivery_properties {
    delivery_frequency = "TwentyFour_Hours"
  }
}

resource "aws_config_config_rule" "plain_check" {
  name = "plain"
  source {
    owner             = "AWS"
    source_identifier = "ROOT_ACCOUNT_MFA_ENABLED"
  }
}

resource "aws_config_config_rule" "full_check" {
  name = "full"
  scope {
    compliance_resource_types = ["AWS::S3::Bucket"]
  }
  source {
    owner             = "CUSTOM_LAMBDA"
    source_identifier = "f"
  }
}

resource "aws_config_configuration_aggregator" "plain_aggregator" {
  name = "plain"
  account_aggregation_source {
    account_ids = ["111122223333"]
    all_regions = false
    regions     = ["eu-west-1"]
  }
}

resource "aws_config_configuration_aggregator" "full_aggregator" {
  name = "full"
  organization_aggregation_source {
    all_regions = true
    role_arn    = "r"
  }
}

resource "aws_guardduty_detector" "plain_detector" {
  finding_publishing_frequency = "SIX_HOURS"
}

resource "aws_guardduty_detector" "full_detector" {
  enable                       = false
  finding_publishing_frequency = "ONE_HOUR"
}

resource "aws_guardduty_detector_feature" "off" {
  for_each = toset([
    "S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS",
  ])
  detector_id = aws_guardduty_detector.full_detector.id
  name        = each.key
  status      = "DISABLED"
}

resource "aws_guardduty_detector_feature" "runtime" {
  detector_id = aws_guardduty_detector.full_detector.id
  name        = "RUNTIME_MONITORING"
  status      = "ENABLED"
}

resource "aws_guardduty_detector" "old_detector" {
  datasources {
    s3_logs {
      enable = false
    }
    kubernetes {
      audit_logs {
        enable = false
      }
    }
    malware_protection {
      scan_ec2_instance_with_findings {
        ebs_volumes {
          enable = false
        }
      }
    }
  }
}

resource "aws_securityhub_account" "plain_hub" {
  control_finding_generator = "SECURITY_CONTROL"
}

resource "aws_securityhub_account" "full_hub" {
  auto_enable_controls      = false
  control_finding_generator = "STANDARD_CONTROL"
  enable_default_standards  = false
}

resource "aws_macie2_account" "plain_macie" {
  finding_publishing_frequency = "ONE_HOUR"
}

resource "aws_macie2_account" "full_macie" {
  finding_publishing_frequency = "SIX_HOURS"
  status                       = "PAUSED"
}

resource "aws_accessanalyzer_analyzer" "plain_analyzer" {
  analyzer_name = "plain"
}

resource "aws_accessanalyzer_analyzer" "full_analyzer" {
  analyzer_name = "full"
  type          = "ORGANIZATION_UNUSED_ACCESS"
  configuration {
    unused_access {
      unused_access_age = 90
    }
  }
}

resource "aws_accessanalyzer_archive_rule" "quiet" {
  analyzer_name = aws_accessanalyzer_analyzer.full_analyzer.analyzer_name
  rule_name     = "a"
  filter {
    criteria = "isPublic"
    eq       = ["false"]
  }
}

resource "aws_accessanalyzer_analyzer" "long_analyzer" {
  analyzer_name = "long"
  type          = "ACCOUNT_UNUSED_ACCESS"
  configuration {
    unused_access {
      unused_access_age = 180
    }
  }
}
