from django.urls import path

from portal.accounts import views

urlpatterns = [
    path("language/", views.choose_language, name="choose-language"),
]
