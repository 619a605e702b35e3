variable "open" {
  type = string
}

resource "aws_efs_file_system" "plain_files" {
  encrypted = false
}

resource "aws_efs_file_system" "full_files" {
  availability_zone_name = "eu-west-1a"
  encrypted              = true
  kms_key_id             = "k"
}

resource "aws_efs_backup_policy" "full_files" {
  file_system_id = aws_efs_file_system.full_files.id
  backup_policy {
    status = "ENABLED"
  }
}

resource "aws_efs_file_system_policy" "full_files" {
  file_system_id = aws_efs_file_system.full_files.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "elasticfilesystem:ClientMount" }]
  })
}

resource "aws_efs_replication_configuration" "full_files" {
  source_file_system_id = aws_efs_file_system.full_files.id
  destination {
    region = "us-east-1"
  }
}

resource "aws_efs_file_system" "open_files" {
  encrypted  = true
  kms_key_id = var.open
}

resource "aws_efs_backup_policy" "open_files" {
  file_system_id = aws_efs_file_system.open_files.id
  backup_policy {
    status = var.open
  }
}

resource "aws_efs_file_system" "unsaid_files" {
  availability_zone_name = "eu-west-1b"
}

resource "aws_efs_access_point" "plain_door" {
  file_system_id = aws_efs_file_system.plain_files.id
}

resource "aws_efs_access_point" "full_door" {
  file_system_id = aws_efs_file_system.full_files.id
  posix_user {
    gid = 1000
    uid = 1000
  }
  root_directory {
    path = "/app"
  }
}

resource "aws_efs_access_point" "root_door" {
  file_system_id = aws_efs_file_system.full_files.id
  posix_user {
    gid = 0
    uid = 0
  }
}

resource "aws_efs_mount_target" "plain_mount" {
  file_system_id  = aws_efs_file_system.plain_files.id
  security_groups = ["g"]
  subnet_id       = "s"
}

resource "aws_efs_mount_target" "full_mount" {
  file_system_id  = aws_efs_file_system.full_files.id
  security_groups = ["g", "h"]
  subnet_id       = "s"
}

resource "aws_backup_plan" "plain_plan" {
  name = "plain"
  rule {
    rule_name         = "daily"
    target_vault_name = "v"
  }
}

resource "aws_backup_plan" "full_plan" {
  name = "full"
  rule {
    enable_continuous_backup = true
    rule_name                = "daily"
    target_vault_name        = aws_backup_vault.full_vault.name
    copy_action {
      destination_vault_arn = "arn:aws:backup:us-east-1:111122223333:backup-vault:far"
      lifecycle {
        delete_after = 90
      }
    }
    copy_action {
      destination_vault_arn = aws_backup_vault.full_vault.arn
    }
    lifecycle {
      delete_after = 35
    }
  }
  rule {
    rule_name         = "monthly"
    target_vault_name = aws_backup_vault.full_vault.name
    copy_action {
      destination_vault_arn = "arn:aws:backup:us-west-2:111122223333:backup-vault:far"
    }
    lifecycle {
      cold_storage_after = 30
      delete_after       = 365
    }
  }
}

resource "aws_backup_plan" "open_plan" {
  name = "open"
  rule {
    rule_name         = "daily"
    target_vault_name = "v"
    lifecycle {
      delete_after = var.open
    }
  }
}

resource "aws_backup_vault" "plain_vault" {
  name = "plain"
}

resource "aws_backup_vault" "full_vault" {
  kms_key_arn = "k"
  name        = "full"
}

resource "aws_backup_vault_policy" "full_vault" {
  backup_vault_name = aws_backup_vault.full_vault.name
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "backup:CopyIntoBackupVault", Resource = "*" }]
  })
}

resource "aws_backup_vault_lock_configuration" "full_vault" {
  backup_vault_name   = aws_backup_vault.full_vault.name
  changeable_for_days = 3
  min_retention_days  = 30
}

resource "aws_backup_vault_notifications" "full_vault" {
  backup_vault_events = ["BACKUP_JOB_FAILED"]
  backup_vault_name   = aws_backup_vault.full_vault.name
  sns_topic_arn       = "t"
}

resource "aws_backup_selection" "plain_selection" {
  iam_role_arn = "r"
  name         = "plain"
  plan_id      = aws_backup_plan.plain_plan.id
  selection_tag {
    key   = "a"
    type  = "STRINGEQUALS"
    value = "b"
  }
}

resource "aws_backup_selection" "full_selection" {
  iam_role_arn = "r"
  name         = "full"
  plan_id      = aws_backup_plan.full_plan.id
  resources    = ["*"]
}

resource "aws_dlm_lifecycle_policy" "plain_cycle" {
  description        = "plain"
  execution_role_arn = "r"
  policy_details {
    schedule {
      name = "daily"
      create_rule {
        interval = 24
      }
      retain_rule {
        count = 7
      }
    }
  }
}

resource "aws_dlm_lifecycle_policy" "full_cycle" {
  description        = "full"
  execution_role_arn = "r"
  state              = "DISABLED"
  policy_details {
    schedule {
      name = "daily"
      create_rule {
        interval = 24
      }
      cross_region_copy_rule {
        encrypted     = true
        target_region = "us-east-1"
      }
      cross_region_copy_rule {
        encrypted = false
        target    = "us-west-2"
      }
      retain_rule {
        count = 7
      }
      share_rule {
        target_accounts = ["111122223333"]
      }
    }
  }
}

resource "aws_dlm_lifecycle_policy" "open_cycle" {
  description        = "open"
  execution_role_arn = "r"
  policy_details {
    schedule {
      name = "daily"
      create_rule {
        interval = 24
      }
      cross_region_copy_rule {
        encrypted     = var.open
        target_region = var.open
      }
      retain_rule {
        count = 7
      }
    }
  }
}
