
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('publishers', '0007_next_in_order'),
    ]

    operations = [
        migrations.AddField(
            model_name='release',
            name='circumstances',
            field=models.JSONField(null=True),
        ),
    ]
