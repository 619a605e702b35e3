provider "aws" {
  region = "us-east-1" # leastwise: RG001
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
