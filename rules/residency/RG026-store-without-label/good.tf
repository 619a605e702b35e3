provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = {
      DataClassification = "internal"
    }
  }
}

resource "aws_s3_bucket" "uploads" {
  bucket = "uploads"
}

resource "aws_sqs_queue" "jobs" {
  name = "jobs"
  tags = {
    Team = "shop"
  }
}
