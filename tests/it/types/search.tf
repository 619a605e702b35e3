# without: AWS::OpenSearchServerless::Collection encryption.manager deletionProtection
variable "open" {
  type = string
}

resource "aws_opensearch_domain" "plain_domain" {
  domain_name    = "plain"
  engine_version = "OpenSearch_2.17"
}

resource "aws_opensearch_domain" "full_domain" {
  domain_name    = "full"
  engine_version = "Elasticsearch_7.10"
  advanced_security_options {
    anonymous_auth_enabled = true
    enabled                = true
    master_user_options {
      master_user_name     = "u"
      master_user_password = "Written-out-1"
    }
  }
  cluster_config {
    zone_awareness_enabled = true
  }
  domain_endpoint_options {
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }
  encrypt_at_rest {
    enabled    = true
    kms_key_id = "k"
  }
  log_publishing_options {
    cloudwatch_log_group_arn = "l"
    log_type                 = "AUDIT_LOGS"
  }
  log_publishing_options {
    cloudwatch_log_group_arn = "l"
    log_type                 = "ES_APPLICATION_LOGS"
  }
  node_to_node_encryption {
    enabled = true
  }
  software_update_options {
    auto_software_update_enabled = true
  }
  vpc_options {
    subnet_ids = ["a"]
  }
}

resource "aws_opensearch_domain_policy" "full_domain" {
  domain_name = aws_opensearch_domain.full_domain.domain_name
  access_policies = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "es:*", Resource = "*" }]
  })
}

resource "aws_opensearch_domain" "old_domain" {
  domain_name    = "old"
  engine_version = "OpenSearch_1.0"
  access_policies = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { AWS = "111122223333" }, Action = "es:*", Resource = "*" }]
  })
  advanced_security_options {
    enabled = false
  }
  cluster_config {
    zone_awareness_enabled = false
  }
  domain_endpoint_options {
    enforce_https       = false
    tls_security_policy = "Policy-Min-TLS-1-0-2019-07"
  }
  encrypt_at_rest {
    enabled = true
  }
  log_publishing_options {
    cloudwatch_log_group_arn = "l"
    enabled                  = false
    log_type                 = "AUDIT_LOGS"
  }
}

resource "aws_opensearch_domain" "open_domain" {
  domain_name    = "open"
  engine_version = var.open
  access_policies = jsonencode({
    Statement = [{ Effect = "Allow", Principal = var.open, Action = "es:*", Resource = "*" }]
  })
  advanced_security_options {
    enabled = var.open
    master_user_options {
      master_user_password = var.open
    }
  }
  domain_endpoint_options {
    tls_security_policy = var.open
  }
  encrypt_at_rest {
    enabled = var.open
  }
}

resource "aws_elasticsearch_domain" "plain_old_search" {
  domain_name = "plain"
}

resource "aws_elasticsearch_domain" "full_old_search" {
  domain_name           = "full"
  elasticsearch_version = "7.10"
  access_policies = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "es:*", Resource = "*" }]
  })
  advanced_security_options {
    anonymous_auth_enabled = true
    enabled                = true
    master_user_options {
      master_user_name     = "u"
      master_user_password = "Written-out-1"
    }
  }
  cluster_config {
    zone_awareness_enabled = true
  }
  domain_endpoint_options {
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }
  encrypt_at_rest {
    enabled    = true
    kms_key_id = "k"
  }
  log_publishing_options {
    cloudwatch_log_group_arn = "l"
    log_type                 = "AUDIT_LOGS"
  }
  log_publishing_options {
    cloudwatch_log_group_arn = "l"
    log_type                 = "ES_APPLICATION_LOGS"
  }
  node_to_node_encryption {
    enabled = true
  }
  vpc_options {
    subnet_ids = ["a"]
  }
}

resource "aws_elasticsearch_domain" "off_old_search" {
  domain_name = "off"
  advanced_security_options {
    enabled = false
  }
  cluster_config {
    zone_awareness_enabled = false
  }
  domain_endpoint_options {
    enforce_https       = false
    tls_security_policy = "Policy-Min-TLS-1-0-2019-07"
  }
}

resource "aws_opensearchserverless_collection" "plain_collection" {
  name             = "plain"
  standby_replicas = "ENABLED"
  type             = "SEARCH"
}

resource "aws_opensearchserverless_collection" "full_collection" {
  name             = "full"
  standby_replicas = "DISABLED"
  type             = "VECTORSEARCH"
}

resource "aws_opensearchserverless_security_policy" "plain_network" {
  name = "plain"
  type = "network"
  policy = jsonencode([{
    Rules       = [{ ResourceType = "collection", Resource = ["collection/a"] }]
    SourceVPCEs = ["v"]
  }])
}

resource "aws_opensearchserverless_security_policy" "full_network" {
  name = "full"
  type = "network"
  policy = jsonencode([{
    Rules           = [{ ResourceType = "collection", Resource = ["collection/a"] }]
    AllowFromPublic = true
  }])
}

resource "aws_opensearchserverless_security_policy" "plain_encryption" {
  name = "plain-key"
  type = "encryption"
  policy = jsonencode({
    Rules       = [{ ResourceType = "collection", Resource = ["collection/a"] }]
    AWSOwnedKey = true
  })
}

resource "aws_opensearchserverless_security_policy" "full_encryption" {
  name = "full-key"
  type = "encryption"
  policy = jsonencode({
    Rules  = [{ ResourceType = "collection", Resource = ["collection/a"] }]
    KmsARN = "k"
  })
}

resource "aws_opensearchserverless_security_policy" "open_encryption" {
  name   = "open-key"
  policy = var.open
  type   = "encryption"
}

resource "aws_opensearchserverless_access_policy" "plain_access" {
  name = "plain"
  type = "data"
  policy = jsonencode([{
    Rules     = [{ ResourceType = "index", Resource = ["index/a/*"], Permission = ["aoss:ReadDocument"] }]
    Principal = ["p"]
  }])
}

resource "aws_opensearchserverless_access_policy" "full_access" {
  name = "full"
  type = "data"
  policy = jsonencode([{
    Rules     = [{ ResourceType = "index", Resource = ["index/a/*"], Permission = ["aoss:*"] }]
    Principal = ["p", "q"]
  }])
}
