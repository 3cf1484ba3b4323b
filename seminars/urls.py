from django.urls import path

from seminars import views

app_name = "seminars"
urlpatterns = [
    path("", views.SeminarListPage.as_view(), name="list"),
    path("<str:code>/", views.SeminarPage.as_view(), name="detail"),
]
