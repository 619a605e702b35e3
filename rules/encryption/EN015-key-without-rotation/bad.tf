resource "aws_kms_key" "data" { # leastwise: EN015
  description             = "for the table"
  deletion_window_in_days = 30
}

resource "aws_kms_key" "off" {
  enable_key_rotation = false # leastwise: EN015
}
