variable "key" {
  type = string
}

resource "aws_kms_key" "data" {
  enable_key_rotation = true
}

data "aws_kms_alias" "shared" {
  name = "alias/shared"
}

resource "aws_s3_bucket" "split" {
  bucket = "patients"
  tags   = { DataClassification = "phi" }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "split" {
  bucket = aws_s3_bucket.split.bucket
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
  }
}

resource "aws_s3_bucket" "looked_up" {
  bucket = "visits"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "looked_up" {
  bucket = aws_s3_bucket.looked_up.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = data.aws_kms_alias.shared.target_key_arn
    }
  }
}

# The form before version 4 of the provider.
resource "aws_s3_bucket" "inline" {
  bucket = "orders"
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = var.key
      }
    }
  }
}
