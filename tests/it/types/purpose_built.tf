# without: AWS::DocDB::DBCluster snapshots.tagged
# without: AWS::DSQL::Cluster public
variable "open" {
  type = string
}

resource "aws_docdb_cluster" "plain_documents" {
  master_username = "u"
  master_password = var.open
}

resource "aws_docdb_cluster" "full_documents" {
  backup_retention_period         = 7
  deletion_protection             = true
  enabled_cloudwatch_logs_exports = ["audit"]
  engine_version                  = "5.0.0"
  global_cluster_identifier       = "g"
  kms_key_id                      = "k"
  manage_master_user_password     = true
  master_username                 = "u"
  storage_encrypted               = true
}

resource "aws_docdb_cluster" "old_documents" {
  engine_version    = "4.0.0"
  master_username   = "u"
  master_password   = "written-out"
  storage_encrypted = true
}

resource "aws_docdb_cluster" "open_documents" {
  backup_retention_period = var.open
  deletion_protection     = var.open
  snapshot_identifier     = "s"
}

resource "aws_neptune_cluster" "plain_graph" {
}

resource "aws_neptune_cluster" "full_graph" {
  backup_retention_period             = 7
  copy_tags_to_snapshot               = true
  deletion_protection                 = true
  enable_cloudwatch_logs_exports      = ["audit"]
  engine_version                      = "1.3.1.0"
  global_cluster_identifier           = "g"
  iam_database_authentication_enabled = true
  kms_key_arn                         = "k"
  storage_encrypted                   = true
}

resource "aws_neptune_cluster" "old_graph" {
  engine_version    = "1.2.0.0"
  storage_encrypted = true
}

resource "aws_dsql_cluster" "plain_dsql" {
}

resource "aws_dsql_cluster" "full_dsql" {
  deletion_protection_enabled = true
  kms_encryption_key          = "k"
}

resource "aws_dsql_cluster_peering" "peers" {
  clusters       = ["arn:aws:dsql:us-east-2:111122223333:cluster/c"]
  identifier     = aws_dsql_cluster.full_dsql.identifier
  witness_region = "us-west-2"
}

resource "aws_dsql_cluster" "owned_dsql" {
  kms_encryption_key = "AWS_OWNED_KMS_KEY"
}

resource "aws_keyspaces_keyspace" "plain_keyspace" {
  name = "plain"
}

resource "aws_keyspaces_keyspace" "full_keyspace" {
  name = "full"
  replication_specification {
    region_list          = ["eu-west-1", "us-east-1"]
    replication_strategy = "MULTI_REGION"
  }
}

resource "aws_keyspaces_table" "plain_wide" {
  keyspace_name = "plain"
  table_name    = "plain"
  schema_definition {
    column {
      name = "a"
      type = "text"
    }
    partition_key {
      name = "a"
    }
  }
}

resource "aws_keyspaces_table" "full_wide" {
  default_time_to_live = 60
  keyspace_name        = "full"
  table_name           = "full"
  encryption_specification {
    kms_key_identifier = "k"
    type               = "CUSTOMER_MANAGED_KMS_KEY"
  }
  point_in_time_recovery {
    status = "ENABLED"
  }
  schema_definition {
    column {
      name = "a"
      type = "text"
    }
    partition_key {
      name = "a"
    }
  }
}

resource "aws_keyspaces_table" "off_wide" {
  keyspace_name = "full"
  table_name    = "off"
  point_in_time_recovery {
    status = "DISABLED"
  }
  schema_definition {
    column {
      name = "a"
      type = "text"
    }
    partition_key {
      name = "a"
    }
  }
}

resource "aws_timestreamwrite_database" "plain_series" {
  database_name = "plain"
}

resource "aws_timestreamwrite_database" "full_series" {
  database_name = "full"
  kms_key_id    = "k"
}

resource "aws_timestreamwrite_table" "plain_series_table" {
  database_name = "full"
  table_name    = "plain"
}

resource "aws_timestreamwrite_table" "full_series_table" {
  database_name = "full"
  table_name    = "full"
  magnetic_store_write_properties {
    enable_magnetic_store_writes = true
    magnetic_store_rejected_data_location {
      s3_configuration {
        bucket_name       = "b"
        encryption_option = "SSE_S3"
      }
    }
  }
  retention_properties {
    magnetic_store_retention_period_in_days = 30
    memory_store_retention_period_in_hours  = 8
  }
}
