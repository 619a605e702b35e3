resource "aws_kms_key" "data" {
  enable_key_rotation = true
}

module "patients" {
  source = "./bucket"
  key    = aws_kms_key.data.arn
}
