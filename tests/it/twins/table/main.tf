variable "name" {
  default = "patients"
}

resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_dynamodb_table" "patients" {
  name                        = var.name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  range_key                   = "visit"
  deletion_protection_enabled = true

  attribute {
    name = "id"
    type = "S"
  }

  attribute {
    name = "visit"
    type = "N"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.own.arn
  }

  point_in_time_recovery {
    enabled = true
  }

  ttl {
    attribute_name = "until"
    enabled        = true
  }

  tags = {
    DataClassification = "phi"
    Owner              = "clinic"
  }
}
