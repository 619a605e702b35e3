variable "key" {
  type = string
}

resource "aws_kms_key" "queue" {
  enable_key_rotation = true
}

resource "aws_sqs_queue" "patients" {
  name              = "patients"
  kms_master_key_id = aws_kms_key.queue.id
  tags = {
    DataClassification = "phi"
  }
}

resource "aws_sqs_queue" "told" {
  name              = "orders"
  kms_master_key_id = var.key
}
