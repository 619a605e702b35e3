provider "aws" {
  region = "eu-north-1"
}

provider "aws" {
  alias  = "edge"
  region = "us-east-1"
}

resource "aws_dynamodb_table" "customers" {
  name         = "customers"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  tags = {
    DataClassification = "personal"
  }
}

# No label asks for a place.
resource "aws_s3_bucket" "website" {
  provider = aws.edge
  bucket   = "website"
  tags = {
    DataClassification = "none"
  }
}
