from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model


class Base(Model):
    pass


class Customer(Base):
    class Meta:
        table_name = "customers"
        region = "us-east-1"  # leastwise: RG021

    name = UnicodeAttribute(hash_key=True)


class Order(Model):
    class Meta:
        table_name = "orders"
        region = "eu-central-1"


class Form:
    class Meta:
        region = "us-east-1"


def handler(event, context):
    return [customer.name for customer in Customer.scan()]
