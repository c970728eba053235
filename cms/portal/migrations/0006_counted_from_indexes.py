from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0005_audiences'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='publishedwarning',
            index=models.Index(fields=['state', 'scam_type_key'], name='public_counted'),
        ),
        migrations.AddIndex(
            model_name='publishedwarning',
            index=models.Index(fields=['group_key', 'group_name', 'scam_type_key', 'scam_type_name', 'scam_type_official_no', 'published_at', 'state', 'id'], name='public_types'),
        ),
        migrations.AddIndex(
            model_name='publishedwarning',
            index=models.Index(fields=['group_key', 'scam_type_key', 'is_old', '-published_at', '-id', 'slug', 'state'], name='public_related'),
        ),
    ]
