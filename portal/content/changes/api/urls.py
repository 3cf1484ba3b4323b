from django.urls import path

from portal.content.changes.api import views

urlpatterns = [path("changes/", views.PublicChangeList.as_view(), name="api-changes")]
