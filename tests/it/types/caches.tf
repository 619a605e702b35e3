# without: AWS::ElastiCache::ServerlessCache public
# without: AWS::ElastiCache::GlobalReplicationGroup regions
variable "open" {
  type = string
}

resource "aws_elasticache_replication_group" "plain_cache" {
  description          = "d"
  replication_group_id = "plain"
}

resource "aws_elasticache_replication_group" "full_cache" {
  at_rest_encryption_enabled  = true
  auth_token                  = "written-out-token"
  auto_minor_version_upgrade  = false
  automatic_failover_enabled  = true
  description                 = "d"
  engine                      = "valkey"
  engine_version              = "7.2"
  global_replication_group_id = "g"
  kms_key_id                  = "k"
  multi_az_enabled            = true
  replication_group_id        = "full"
  snapshot_retention_limit    = 7
  subnet_group_name           = "s"
  transit_encryption_enabled  = true
  transit_encryption_mode     = "preferred"
  log_delivery_configuration {
    destination      = "l"
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }
}

resource "aws_elasticache_replication_group" "new_cache" {
  description                = "d"
  engine                     = "valkey"
  engine_version             = "8.0"
  replication_group_id       = "new"
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  user_group_ids             = ["u"]
}

resource "aws_elasticache_replication_group" "open_cache" {
  at_rest_encryption_enabled = var.open
  auth_token                 = var.open
  description                = "d"
  multi_az_enabled           = var.open
  replication_group_id       = "open"
}

resource "aws_elasticache_cluster" "plain_node" {
  cluster_id                 = "plain"
  engine                     = "memcached"
  engine_version             = "1.6.22"
  node_type                  = "cache.t4g.micro"
  num_cache_nodes            = 1
  transit_encryption_enabled = false
}

resource "aws_elasticache_cluster" "full_node" {
  auto_minor_version_upgrade = false
  az_mode                    = "cross-az"
  cluster_id                 = "full"
  engine                     = "redis"
  engine_version             = "6.2"
  node_type                  = "cache.t4g.micro"
  num_cache_nodes            = 2
  snapshot_retention_limit   = 7
  subnet_group_name          = "s"
  transit_encryption_enabled = true
  log_delivery_configuration {
    destination      = "l"
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }
}

resource "aws_elasticache_serverless_cache" "plain_serverless_cache" {
  engine                   = "redis"
  name                     = "plain"
  snapshot_retention_limit = 1
}

resource "aws_elasticache_serverless_cache" "full_serverless_cache" {
  engine                   = "valkey"
  kms_key_id               = "k"
  name                     = "full"
  snapshot_retention_limit = 7
  user_group_id            = "u"
}

resource "aws_elasticache_global_replication_group" "plain_global_text_only" {
  automatic_failover_enabled         = false
  global_replication_group_id_suffix = "plain"
  primary_replication_group_id       = "a"
}

resource "aws_elasticache_global_replication_group" "full_global_text_only" {
  automatic_failover_enabled         = true
  global_replication_group_id_suffix = "full"
  primary_replication_group_id       = "a"
}

resource "aws_elasticache_user" "plain_user" {
  access_string = "on ~app:* +@read"
  engine        = "redis"
  passwords     = [var.open]
  user_id       = "plain"
  user_name     = "plain"
}

resource "aws_elasticache_user" "full_user" {
  access_string        = "on ~* +@all"
  engine               = "redis"
  no_password_required = true
  user_id              = "full"
  user_name            = "full"
}

resource "aws_elasticache_user" "iam_user" {
  access_string = "on ~* +@all"
  engine        = "redis"
  user_id       = "iam"
  user_name     = "iam"
  authentication_mode {
    type = "iam"
  }
}

resource "aws_elasticache_user" "written_user" {
  access_string = "off ~* +@all"
  engine        = "redis"
  user_id       = "written"
  user_name     = "written"
  authentication_mode {
    passwords = ["sixteen-letters-of-it"]
    type      = "password"
  }
}

resource "aws_memorydb_cluster" "plain_memory" {
  acl_name       = "open-access"
  engine         = "redis"
  engine_version = "6.2"
  name           = "plain"
  node_type      = "db.t4g.small"
}

resource "aws_memorydb_cluster" "full_memory" {
  acl_name                   = "own"
  auto_minor_version_upgrade = false
  engine                     = "valkey"
  engine_version             = "7.2"
  kms_key_arn                = "k"
  multi_region_cluster_name  = "m"
  name                       = "full"
  node_type                  = "db.t4g.small"
  snapshot_retention_limit   = 7
  tls_enabled                = false
}

resource "aws_memorydb_multi_region_cluster" "plain_memories" {
  engine                           = "redis"
  multi_region_cluster_name_suffix = "plain"
  node_type                        = "db.r7g.large"
  tls_enabled                      = true
}

resource "aws_memorydb_multi_region_cluster" "full_memories" {
  engine                           = "valkey"
  multi_region_cluster_name_suffix = "full"
  node_type                        = "db.r7g.large"
  tls_enabled                      = false
}

resource "aws_memorydb_acl" "plain_acl" {
  name = "plain"
}

resource "aws_memorydb_acl" "full_acl" {
  name       = "full"
  user_names = ["default"]
}

resource "aws_dax_cluster" "plain_dax" {
  cluster_name       = "plain"
  iam_role_arn       = "r"
  node_type          = "dax.r5.large"
  replication_factor = 1
}

resource "aws_dax_cluster" "full_dax" {
  cluster_endpoint_encryption_type = "TLS"
  cluster_name                     = "full"
  iam_role_arn                     = "r"
  node_type                        = "dax.r5.large"
  replication_factor               = 3
  server_side_encryption {
    enabled = true
  }
}
