
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('publishers', '0006_who_was_told'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='delivery',
            name='delivery_next',
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('next_attempt_at__isnull', False)), fields=['-urgent', 'turn', 'next_attempt_at', 'id'], name='delivery_next'),
        ),
    ]
