variable "open" {
  type = string
}

resource "aws_db_instance" "plain_database" {
  db_subnet_group_name = "own"
  engine               = "mysql"
  engine_version       = "8.0.35"
  instance_class       = "db.t4g.micro"
  password             = var.open
  username             = "admin"
}

resource "aws_db_instance" "full_database" {
  auto_minor_version_upgrade          = false
  backup_retention_period             = 14
  copy_tags_to_snapshot               = true
  deletion_protection                 = true
  enabled_cloudwatch_logs_exports     = ["postgresql"]
  engine                              = "postgres"
  engine_version                      = "14.9"
  iam_database_authentication_enabled = true
  instance_class                      = "db.t4g.micro"
  kms_key_id                          = "k"
  manage_master_user_password         = true
  monitoring_interval                 = 60
  multi_az                            = true
  parameter_group_name                = aws_db_parameter_group.full_parameters.name
  performance_insights_enabled        = true
  performance_insights_kms_key_id     = "k"
  port                                = 6000
  publicly_accessible                 = true
  storage_encrypted                   = true
  username                            = "owner"
}

resource "aws_db_instance_automated_backups_replication" "copy" {
  region                 = "us-east-1"
  source_db_instance_arn = aws_db_instance.full_database.arn
}

resource "aws_db_instance" "new_database" {
  backup_retention_period = 1
  engine                  = "postgres"
  engine_version          = "16.3"
  instance_class          = "db.t4g.micro"
  password                = "written-out"
  storage_encrypted       = true
  username                = "owner"
}

resource "aws_db_instance" "copied_database" {
  instance_class      = "db.t4g.micro"
  replicate_source_db = "arn:aws:rds:us-west-2:111122223333:db:other"
}

resource "aws_db_instance" "open_database" {
  backup_retention_period = var.open
  engine                  = var.open
  instance_class          = "db.t4g.micro"
  kms_key_id              = "k"
  publicly_accessible     = var.open
  storage_encrypted       = var.open
}

resource "aws_rds_cluster_instance" "member_one" {
  cluster_identifier = aws_rds_cluster.full_cluster.id
  engine             = "aurora-mysql"
  instance_class     = "db.r6g.large"
}

resource "aws_rds_cluster" "plain_cluster" {
  engine          = "aurora-mysql"
  engine_version  = "8.0.mysql_aurora.3.05.2"
  master_username = "admin"
}

resource "aws_rds_cluster" "full_cluster" {
  auto_minor_version_upgrade          = false
  backtrack_window                    = 3600
  backup_retention_period             = 14
  copy_tags_to_snapshot               = true
  db_cluster_parameter_group_name     = aws_rds_cluster_parameter_group.full_cluster_parameters.name
  deletion_protection                 = true
  enable_http_endpoint                = true
  enabled_cloudwatch_logs_exports     = ["audit"]
  engine                              = "aurora-postgresql"
  engine_version                      = "15.4"
  iam_database_authentication_enabled = true
  kms_key_id                          = "k"
  manage_master_user_password         = true
  master_username                     = "owner"
  performance_insights_enabled        = true
  performance_insights_kms_key_id     = "k"
  port                                = 6000
  publicly_accessible                 = true
  storage_encrypted                   = true
}

resource "aws_rds_cluster" "copied_cluster" {
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.plain_cluster_parameters.name
  engine                          = "aurora-mysql"
  global_cluster_identifier       = aws_rds_global_cluster.full_global.id
  master_password                 = "written-out"
  port                            = 3306
  publicly_accessible             = false
  replication_source_identifier   = "arn:aws:rds:us-west-2:111122223333:cluster:other"
}

resource "aws_rds_global_cluster" "plain_global" {
  engine                    = "aurora-mysql"
  global_cluster_identifier = "plain"
  storage_encrypted         = false
}

resource "aws_rds_global_cluster" "full_global" {
  deletion_protection       = true
  engine                    = "aurora-postgresql"
  global_cluster_identifier = "full"
  storage_encrypted         = true
}

resource "aws_db_parameter_group" "plain_parameters" {
  family = "mysql8.0"
  parameter {
    name  = "max_connections"
    value = "10"
  }
}

resource "aws_db_parameter_group" "full_parameters" {
  family = "postgres14"
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
  parameter {
    apply_method = "pending-reboot"
    name         = "work_mem"
    value        = "64"
  }
}

resource "aws_db_parameter_group" "open_parameters" {
  family = "mariadb10.6"
  parameter {
    name  = "require_secure_transport"
    value = var.open
  }
}

resource "aws_rds_cluster_parameter_group" "plain_cluster_parameters" {
  family = "aurora-mysql8.0"
  parameter {
    name  = "require_secure_transport"
    value = "OFF"
  }
}

resource "aws_rds_cluster_parameter_group" "full_cluster_parameters" {
  family = "aurora-postgresql15"
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_db_option_group" "plain_options" {
  engine_name          = "oracle-ee"
  major_engine_version = "19"
  option {
    option_name = "SSL"
  }
  option {
    option_name = "NATIVE_NETWORK_ENCRYPTION"
  }
}

resource "aws_db_option_group" "full_options" {
  engine_name          = "mysql"
  major_engine_version = "8.0"
  option {
    option_name = "MARIADB_AUDIT_PLUGIN"
  }
}

resource "aws_db_proxy" "plain_proxy" {
  debug_logging  = false
  engine_family  = "MYSQL"
  name           = "plain"
  require_tls    = false
  role_arn       = "r"
  vpc_subnet_ids = ["a", "b"]
  auth {
    auth_scheme = "SECRETS"
    iam_auth    = "DISABLED"
    secret_arn  = "s"
  }
}

resource "aws_db_proxy" "full_proxy" {
  debug_logging  = true
  engine_family  = "POSTGRESQL"
  name           = "full"
  require_tls    = true
  role_arn       = "r"
  vpc_subnet_ids = ["a", "b"]
  auth {
    auth_scheme = "SECRETS"
    iam_auth    = "REQUIRED"
    secret_arn  = "s"
  }
}

resource "aws_db_proxy" "scheme_proxy" {
  default_auth_scheme = "IAM_AUTH"
  engine_family       = "MYSQL"
  name                = "scheme"
  role_arn            = "r"
  vpc_subnet_ids      = ["a", "b"]
}

resource "aws_db_event_subscription" "plain_news" {
  sns_topic = "t"
}

resource "aws_db_event_subscription" "full_news" {
  enabled          = false
  event_categories = ["failure"]
  sns_topic        = "t"
  source_ids       = ["a"]
  source_type      = "db-instance"
}
