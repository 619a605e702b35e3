resource "aws_s3_bucket" "plain" { # leastwise: EN002
  bucket = "invoices"
}

resource "aws_s3_bucket" "patients" {
  bucket = "patients"
  tags = {
    DataClassification = "phi"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "patients" {
  bucket = aws_s3_bucket.patients.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms" # leastwise: EN002
    }
  }
}
