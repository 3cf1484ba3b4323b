from django.urls import path

from exchanges import views

app_name = "exchanges"
urlpatterns = [
    path("", views.ExchangeListPage.as_view(), name="list"),
    path("meetings/", views.meeting_list, name="meeting-list"),
    path("meetings/<str:code>/", views.MeetingPage.as_view(), name="meeting"),
    path("<slug:key>/", views.MechanismPage.as_view(), name="mechanism"),
]
