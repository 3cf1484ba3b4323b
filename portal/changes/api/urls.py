from django.urls import path

from portal.changes.api import views

urlpatterns = [path("changes/", views.ChangeList.as_view(), name="api-changes")]
