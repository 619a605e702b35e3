resource "aws_kms_key" "key" {
  enable_key_rotation = false # leastwise: EN015
}

resource "aws_s3_bucket" "letters" {
  bucket = "clinic-letters"
  tags   = { DataClassification = "phi" }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "letters" {
  bucket = aws_s3_bucket.letters.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256" # leastwise: EN002
    }
  }
}

resource "aws_s3_bucket_public_access_block" "letters" {
  bucket                  = aws_s3_bucket.letters.id
  block_public_acls       = true
  block_public_policy     = false # leastwise: EX003
  ignore_public_acls      = true
  restrict_public_buckets = false
}

resource "aws_s3_bucket_policy" "letters" { # leastwise: TR001
  bucket = aws_s3_bucket.letters.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*" # leastwise: EX004
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.letters.arn}/*"
    }]
  })
}

resource "aws_dynamodb_table" "patients" {
  name     = "patients"
  hash_key = "id"

  server_side_encryption {
    enabled = true # leastwise: EN003
  }

  tags = { DataClassification = "phi" }
}

resource "aws_sqs_queue" "jobs" {
  name                    = "jobs"
  sqs_managed_sse_enabled = false # leastwise: EN005
  tags                    = { DataClassification = "internal" }
}

data "aws_iam_policy_document" "jobs" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.jobs.arn]

    principals {
      type        = "AWS"
      identifiers = ["*"] # leastwise: EX005
    }
  }
}

resource "aws_sqs_queue_policy" "jobs" {
  queue_url = aws_sqs_queue.jobs.id
  policy    = data.aws_iam_policy_document.jobs.json
}

resource "aws_sns_topic" "results" { # leastwise: EN006
  name = "results"
}

resource "aws_s3_bucket" "nightly" { # leastwise: EN002 TR001 RG026
  bucket = "nightly"
}
