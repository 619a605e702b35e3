provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = {
      Team = "shop"
    }
  }
}

resource "aws_s3_bucket" "uploads" { # leastwise: RG026
  bucket = "uploads"
}

resource "aws_dynamodb_table" "orders" { # leastwise: RG026
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}
