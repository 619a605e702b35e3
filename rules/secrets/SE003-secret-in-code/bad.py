import psycopg2

API_KEY = "q7Zt42kf9Lmw0xRb83Va"  # leastwise: SE003
CONFIG = {
    "user": "app",
    "password": "kV7!rum1nant-42",  # leastwise: SE003
}


def handler(event, context):
    connection = psycopg2.connect(
        host="db.shop.test",
        password="kV7!rum1nant-42",  # leastwise: SE003
    )
    url = "postgres://app:kV7ruminant42@db.shop.test/orders"  # leastwise: SE003
    return connection, url
