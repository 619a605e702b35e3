# without: AWS::RedshiftServerless::Namespace backups.regions
variable "open" {
  type = string
}

resource "aws_redshift_cluster" "plain_warehouse" {
  cluster_identifier = "plain"
  master_username    = "u"
  node_type          = "ra3.large"
}

resource "aws_redshift_cluster" "full_warehouse" {
  allow_version_upgrade               = false
  automated_snapshot_retention_period = 7
  cluster_identifier                  = "full"
  cluster_parameter_group_name        = aws_redshift_parameter_group.full_tuning.name
  database_name                       = "sales"
  encrypted                           = true
  enhanced_vpc_routing                = true
  kms_key_id                          = "k"
  manage_master_password              = true
  master_username                     = "owner"
  multi_az                            = true
  node_type                           = "ra3.large"
  port                                = 6000
  publicly_accessible                 = true
}

resource "aws_redshift_logging" "full_warehouse" {
  bucket_name        = "b"
  cluster_identifier = aws_redshift_cluster.full_warehouse.cluster_identifier
}

resource "aws_redshift_snapshot_copy" "full_warehouse" {
  cluster_identifier = aws_redshift_cluster.full_warehouse.id
  destination_region = "us-east-1"
}

resource "aws_redshift_cluster" "open_warehouse" {
  cluster_identifier           = "open"
  cluster_parameter_group_name = aws_redshift_parameter_group.plain_tuning.name
  encrypted                    = var.open
  master_password              = "Written-out-1"
  master_username              = var.open
  node_type                    = "ra3.large"
}

resource "aws_redshift_parameter_group" "plain_tuning" {
  family = "redshift-1.0"
  name   = "plain"
  parameter {
    name  = "require_ssl"
    value = "false"
  }
  parameter {
    name  = "enable_user_activity_logging"
    value = "false"
  }
}

resource "aws_redshift_parameter_group" "full_tuning" {
  family = "redshift-1.0"
  name   = "full"
  parameter {
    name  = "require_ssl"
    value = "true"
  }
  parameter {
    name  = "enable_user_activity_logging"
    value = "true"
  }
}

resource "aws_redshift_parameter_group" "open_tuning" {
  family = "redshift-1.0"
  name   = "open"
}

resource "aws_redshiftserverless_namespace" "plain_namespace" {
  admin_user_password = "Written-out-1"
  admin_username      = "admin"
  namespace_name      = "plain"
}

resource "aws_redshiftserverless_namespace" "full_namespace" {
  admin_username        = "owner"
  kms_key_id            = "k"
  log_exports           = ["userlog"]
  manage_admin_password = true
  namespace_name        = "full"
}

resource "aws_redshiftserverless_workgroup" "plain_compute" {
  namespace_name = "plain"
  workgroup_name = "plain"
  config_parameter {
    parameter_key   = "require_ssl"
    parameter_value = "false"
  }
}

resource "aws_redshiftserverless_workgroup" "full_compute" {
  enhanced_vpc_routing = true
  namespace_name       = "full"
  port                 = 6000
  publicly_accessible  = true
  workgroup_name       = "full"
  config_parameter {
    parameter_key   = "require_ssl"
    parameter_value = "true"
  }
}

resource "aws_athena_workgroup" "plain_queries" {
  name = "plain"
}

resource "aws_athena_workgroup" "full_queries" {
  name = "full"
  configuration {
    result_configuration {
      output_location = "s3://b/"
      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = "k"
      }
    }
  }
}

resource "aws_athena_workgroup" "off_queries" {
  name = "off"
  configuration {
    enforce_workgroup_configuration    = false
    publish_cloudwatch_metrics_enabled = false
    managed_query_results_configuration {
      enabled = true
    }
    result_configuration {
      encryption_configuration {
        encryption_option = "SSE_S3"
      }
    }
  }
}

resource "aws_glue_catalog_database" "plain_catalog" {
  name = "plain"
}

resource "aws_glue_catalog_database" "full_catalog" {
  name = "full"
  create_table_default_permission {
    permissions = ["ALL"]
    principal {
      data_lake_principal_identifier = "IAM_ALLOWED_PRINCIPALS"
    }
  }
  target_database {
    catalog_id    = "d"
    database_name = "e"
    region        = "us-east-1"
  }
}

resource "aws_glue_job" "plain_job" {
  default_arguments = { "--enable-continuous-cloudwatch-log" = "false" }
  glue_version      = "4.0"
  name              = "plain"
  role_arn          = "r"
  command {
    script_location = "s3://b/s"
  }
}

resource "aws_glue_job" "full_job" {
  default_arguments      = { "--enable-continuous-cloudwatch-log" = "true" }
  glue_version           = "5.0"
  name                   = "full"
  role_arn               = "r"
  security_configuration = "c"
  timeout                = 60
  command {
    script_location = "s3://b/s"
  }
}

resource "aws_glue_security_configuration" "plain_security" {
  name = "plain"
  encryption_configuration {
    cloudwatch_encryption {}
    job_bookmarks_encryption {}
    s3_encryption {}
  }
}

resource "aws_glue_security_configuration" "full_security" {
  name = "full"
  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
      kms_key_arn                = "k"
    }
    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
      kms_key_arn                   = "k"
    }
    s3_encryption {
      kms_key_arn        = "k"
      s3_encryption_mode = "SSE-KMS"
    }
  }
}

resource "aws_glue_data_catalog_encryption_settings" "plain_catalogue" {
  data_catalog_encryption_settings {
    connection_password_encryption {
      return_connection_password_encrypted = false
    }
    encryption_at_rest {
      catalog_encryption_mode = "DISABLED"
    }
  }
}

resource "aws_glue_data_catalog_encryption_settings" "full_catalogue" {
  data_catalog_encryption_settings {
    connection_password_encryption {
      aws_kms_key_id                       = "k"
      return_connection_password_encrypted = true
    }
    encryption_at_rest {
      catalog_encryption_mode = "SSE-KMS"
      sse_aws_kms_key_id      = "k"
    }
  }
}
