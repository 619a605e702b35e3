resource "aws_kms_key" "topic" {
  enable_key_rotation = true
}

resource "aws_sns_topic" "alerts" {
  name              = "alerts"
  kms_master_key_id = aws_kms_key.topic.id
}

resource "aws_sns_topic" "notices" {
  name              = "notices"
  kms_master_key_id = "alias/aws/sns"
}
