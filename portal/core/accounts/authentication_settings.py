"""Django and allauth settings for sign-in, imported by the settings module.

Users sign in with user name and password and then a second factor, or with a passkey.
There is no sign-up.
"""

_ACCOUNTS = "portal.core.accounts"
_PASSKEYS = f"{_ACCOUNTS}.passkey_forms"
_SECOND_FACTORS = f"{_ACCOUNTS}.second_factor_forms"
_VALIDATORS = "django.contrib.auth.password_validation"

AUTHENTICATION_SETTINGS = {
    "AUTHENTICATION_BACKENDS": [
        "portal.core.accounts.backends.StaffBackend",
        "portal.accounts.backends.StaffBackend",  # open sessions of release 1.0
    ],
    "LOGIN_URL": "account_login",
    "LOGIN_REDIRECT_URL": "/admin/",
    "AUTH_PASSWORD_VALIDATORS": [
        {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator"},
        {
            "NAME": f"{_ACCOUNTS}.password_validators.TranslatedMinimumLengthValidator",
            "OPTIONS": {"min_length": 12},
        },
        {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
        {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
    ],
    "ACCOUNT_ADAPTER": "portal.core.accounts.adapters.SignInAdapter",
    "ACCOUNT_LOGIN_METHODS": {"username"},
    "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],  # there is no sign-up
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_SESSION_REMEMBER": False,
    "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
    # The portal's login throttle replaces these limits: its delays grow, and it does
    # not count failures of an account from all networks together.
    "ACCOUNT_RATE_LIMITS": False,
    "MFA_RATE_LIMITS": False,
    "MFA_ADAPTER": "portal.core.accounts.adapters.SecondFactorAdapter",
    "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes", "webauthn"],
    "MFA_FORMS": {
        "authenticate": f"{_SECOND_FACTORS}.SecondFactorCodeForm",
        "reauthenticate": f"{_SECOND_FACTORS}.CodeReauthenticationForm",
        "activate_totp": f"{_SECOND_FACTORS}.AuthenticatorAppSetupForm",
        "add_webauthn": f"{_SECOND_FACTORS}.AddPasskeyForm",
        "edit_webauthn": f"{_SECOND_FACTORS}.RenamePasskeyForm",
        "login_webauthn": f"{_PASSKEYS}.PasskeyLoginForm",
        "authenticate_webauthn": f"{_PASSKEYS}.PasskeySecondFactorForm",
        "reauthenticate_webauthn": f"{_PASSKEYS}.PasskeyReauthenticationForm",
    },
    "MFA_ALLOW_UNVERIFIED_EMAIL": True,
    "MFA_PASSKEY_LOGIN_ENABLED": True,
    # Tolerance for inexact clocks of phones; each code is still accepted only once.
    "MFA_TOTP_TOLERANCE": 1,
}
