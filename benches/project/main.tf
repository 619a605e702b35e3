terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 6.0" }
  }
}

provider "aws" {
  region = var.region
  default_tags {
    tags = { DataClassification = "LABEL" }
  }
}

variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "prefix" {
  type = string
}

locals {
  name = "${var.prefix}-NUMBER"
  tags = merge({ team = "billing" }, { number = "NUMBER" })
}

resource "aws_s3_bucket" "bills" {
  bucket = "${local.name}-bills"
  tags   = local.tags
}

resource "aws_s3_bucket_versioning" "bills" {
  bucket = aws_s3_bucket.bills.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "bills" {
  bucket = aws_s3_bucket.bills.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "bills" {
  bucket                  = aws_s3_bucket.bills.id
  block_public_acls       = BOOLEAN
  block_public_policy     = BOOLEAN
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_dynamodb_table" "bills" {
  name         = "${local.name}-bills"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  server_side_encryption {
    enabled = BOOLEAN
  }
}

resource "aws_sqs_queue" "work" {
  name                    = "${local.name}-work"
  sqs_managed_sse_enabled = BOOLEAN
}

resource "aws_iam_role" "worker" {
  name = "${local.name}-worker"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "worker" {
  role = aws_iam_role.worker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:ACTION"], Resource = aws_dynamodb_table.bills.arn },
      { Effect = "Allow", Action = ["s3:*"], Resource = "${aws_s3_bucket.bills.arn}/*" },
      { Effect = "Allow", Action = "sns:Publish", Resource = "*" },
    ]
  })
}

resource "aws_lambda_function" "worker" {
  function_name = "${local.name}-worker"
  role          = aws_iam_role.worker.arn
  runtime       = "python3.13"
  handler       = "handler.main"
  filename      = "${path.module}/src/handler.py"
  environment {
    variables = {
      TABLE  = aws_dynamodb_table.bills.name
      BUCKET = aws_s3_bucket.bills.bucket
    }
  }
}

resource "aws_cloudwatch_log_group" "worker" {
  name              = "/aws/lambda/${aws_lambda_function.worker.function_name}"
  retention_in_days = 30
}
